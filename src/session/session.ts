import { hasPlenty } from '../guards/explore-bounds.ts';
import { KeptReads } from '../interpreter/observation/reads.ts';
import { JudgedProgram } from '../judged-program.ts';
import type { Analysis, Settings } from '../model.ts';
import { LiveLoader } from '../project/live-loader.ts';
import { LiveModule } from '../project/live-module.ts';
import { createParse, type Parse } from '../project/parse.ts';
import type { Project } from '../project/project.ts';
import { carryOut, isRedecorated } from './carrying-out.ts';
import { judgeAgain, retire, write } from './judging-again.ts';
import { judgedRoute } from './routes.ts';
import type { CarriedOut, ModuleEdit, State } from './state.ts';

/** How often routes may come and go: each time leaves some kilobytes behind, of nodes and of what was registered once. */
const MOST_AMENDED = 2_000;

/**
 * One program, judged again and again while it is edited. The state of the dry run is kept; where an edit changes only bodies
 * of functions that it did not look at, these are put in the place of the old ones, and only routes are judged again whose
 * judgement rests on them. After every other edit, and wherever an answer could differ, all begins anew.
 */
export class Session {
  readonly #project: Project;
  readonly #settings: Settings;
  readonly #reads = new KeptReads();
  readonly #loader: LiveLoader;
  #state: State | undefined;
  #beginnings = 0;
  /** Files that may have another text than the state knows. */
  #suspects = new Set<string>();

  constructor(project: Project, settings: Settings, parse: Parse = createParse()) {
    this.#project = project;
    this.#settings = settings;
    this.#loader = new LiveLoader(project, parse, this.#reads);
  }

  /** The file may have another text from now on. */
  suspect(file: string): void {
    this.#suspects.add(file);
  }

  /** Of the program as the project has it now. */
  analysis(): Analysis {
    const { overlaid: overlay } = this.#project;
    if (overlay) this.#suspects.add(overlay.file);
    const suspects = this.#suspects;
    // What is overlaid now may be taken away.
    this.#suspects = new Set(overlay && [overlay.file]);
    if (!this.#state || !this.#follow(this.#state, suspects)) this.#state = this.#begin();
    return this.#state.analysis;
  }

  /** How often all began anew. */
  get beginnings(): number {
    return this.#beginnings;
  }

  #begin(): State {
    this.#beginnings++;
    this.#state = undefined;
    const [reads, loader] = [this.#reads, this.#loader];
    reads.clear();
    loader.renew();
    const program = new JudgedProgram(this.#project, this.#settings, loader, reads);
    const routes = program.routes.map((found) => judgedRoute(program, reads, found));
    const judged = new WeakMap(routes.map((one) => [one.found, one]));
    return { program, reads, routes, judged, there: 0, overlay: this.#project.overlaid, analysis: write(program, reads, routes) };
  }

  /** Brings the state up to date; false where it has to be given up. */
  #follow(state: State, suspects: ReadonlySet<string>): boolean {
    if (state.there >= MOST_AMENDED) return false;
    try {
      const edits: ModuleEdit[] = [];
      for (const file of suspects) {
        const found = this.#editOf(state, file);
        if (found === undefined || !hasPlenty(state.program.interpreter)) return false;
        if (found !== 'none') edits.push(found);
      }
      const renewal = retire(state, edits);
      const amended: CarriedOut[] = [];
      for (const edit of edits) {
        const done = carryOut(state, edit);
        if (!done) return false;
        amended.push(done);
      }
      return judgeAgain(state, edits, amended, renewal);
    } catch (error) {
      // A tree too deep to compare. Whatever is wrong with the code itself shows again from the beginning.
      if (error instanceof RangeError) return false;
      throw error;
    }
  }

  #editOf({ program, reads, overlay }: State, file: string): ModuleEdit | 'none' | undefined {
    const loader = this.#loader;
    const module = loader.loaded(file);
    const seen = module instanceof LiveModule ? module.text : loader.texts.get(file);
    if (module && !module.ok) return undefined;
    const text = this.#project.text(file);
    if (text === undefined) return undefined;
    if (seen === undefined) {
      const isSame = overlay?.file === file ? this.#answersFor(overlay.text) === this.#answersFor(text) : !this.#project.scans.differ(file, text);
      return isSame ? 'none' : undefined;
    }
    if (seen === text) return 'none';
    const asked = loader.texts.get(file);
    if (program.host.runsAtImport(seen) !== program.host.runsAtImport(text) || this.#answersFor(seen) !== this.#answersFor(text)) return undefined;
    if (asked !== undefined) loader.texts.set(file, text);
    if (!(module instanceof LiveModule)) return 'none';
    const fresh = loader.parseAnew(file);
    const edit = fresh.ok ? module.plan(fresh, {
      isAmendable: (node) => program.interpreter.activations?.of(node) !== undefined,
      areNamesAmended: () => program.host.keepsState() && !program.host.keepsDecorations(),
      isRedecorated: (node) => isRedecorated(program, node),
    }) : undefined;
    if (!edit || (edit.moves && module.hasLastingLines) || edit.changed.some(({ node }) => reads.lasting.has(node))) return undefined;
    return { module, edit };
  }

  #answersFor(text: string): string {
    return this.#project.scans.answersFor(text);
  }
}
