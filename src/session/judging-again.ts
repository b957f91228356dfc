import { alignmentOf, Renewal } from '../guards/renewal.ts';
import type { KeptReads } from '../interpreter/observation/reads.ts';
import type { JudgedProgram } from '../judged-program.ts';
import type { Analysis } from '../model.ts';
import { dropStaleLimiters } from '../policy/limiters.ts';
import { judge, type JudgedRoute, judgedRoute } from './routes.ts';
import { type CarriedOut, type ModuleEdit, nodesOf, type State } from './state.ts';

/** Sets aside what rests on code that is about to change. */
export function retire({ program, reads }: State, edits: readonly ModuleEdit[]): Renewal {
  const changing = edits.flatMap(({ edit }) => nodesOf(edit));
  const renewal = new Renewal(edits.map(({ module, edit }) => alignmentOf(module, edit.fresh.text)));
  reads.during(new Set(), () => program.shared.summaries.drop((read) => meets(changing, read), (summary, alike) => renewal.retire(summary, alike)));
  return renewal;
}

/** False where the state has to be given up. */
export function judgeAgain(state: State, edits: readonly ModuleEdit[], amended: readonly CarriedOut[], renewal: Renewal): boolean {
  const { program, reads, analysis } = state;
  const changes = amended.flatMap((one) => one.changes);
  const classes = amended.flatMap((one) => one.classes);
  const stale: object[] = [...new Set<object>([...edits.flatMap(({ edit }) => nodesOf(edit)), ...amended.flatMap((one) => one.stale)])];
  const moved = edits.filter(({ edit }) => edit.moves).map(({ module }) => program.fileOf(module));
  const isStale = (read: ReadonlySet<object>): boolean => meets(stale, read);
  if (amended.some((one) => one.stale.length > 0)) program.shared.summaries.drop(isStale, (summary) => renewal.lose(summary));
  stale.push(...reads.during(new Set(), () => dropStaleLimiters(program.shared.limiters, isStale, moved)));
  // Of endpoints that exclude each other the switch between them is told too.
  let differs = moved.some((file) => analysis.applications.some((application) => application.file === file) || state.routes.some(({ route }) => route.kept.conditions.length > 0));
  const fresh = new Set<JudgedRoute>();
  if (changes.length > 0 || classes.length > 0) {
    if (!program.amended(changes, classes)) return false;
    const before = state.there++;
    state.routes = program.routes.map((found) => {
      const known = state.judged.get(found);
      if (known?.there === before) return Object.assign(known, { there: state.there });
      const judged = judgedRoute(program, reads, found, state.there);
      state.judged.set(found, judged);
      fresh.add(judged);
      return judged;
    });
    differs = true;
  }
  for (const judged of state.routes) {
    if (fresh.has(judged) || (!isStale(judged.reads) && !renewal.concerns(judged.reads) && !moved.some((file) => judged.files.has(file)))) continue;
    const { endpoints, route, reads: before } = judged;
    route.forget(isStale, moved.length > 0);
    const { reads: now, ...again } = judge(program, reads, route);
    reads.during(new Set(), () => renewal.settle());
    // What is as it was stays the very same, which spares the collection of thousands of old objects.
    if (now.size !== before.size || [...now].some((node) => !before.has(node))) judged.reads = now;
    if (isSame(endpoints.map(({ endpoint }) => endpoint), again.endpoints.map(({ endpoint }) => endpoint))) continue;
    Object.assign(judged, again);
    differs = true;
  }
  // Most edits change no verdict.
  if (differs || !isSame(program.notes(), analysis.notes)) state.analysis = write(program, reads, state.routes);
  return true;
}

export function write(program: JudgedProgram, reads: KeptReads, routes: readonly JudgedRoute[]): Analysis {
  return reads.during(new Set(), () => program.analysis(routes.flatMap(({ endpoints }) => endpoints)));
}

function meets(some: readonly object[], others: ReadonlySet<object>): boolean {
  return some.some((one) => others.has(one));
}

/** Of plain data. Quicker than to write both down: behind a guard stand thousands of endpoints. */
function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b);
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => isSame(a[key as keyof typeof a], b[key as keyof typeof b]));
}
