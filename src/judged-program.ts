import { createExpressFramework } from './frameworks/express/index.ts';
import { createFastifyFramework } from './frameworks/fastify/index.ts';
import { createFileFinders } from './frameworks/file-finders/index.ts';
import { createInjection } from './frameworks/injection/index.ts';
import { createNestFramework } from './frameworks/nest/index.ts';
import type { FoundApplication, Framework, Route } from './frameworks/framework.ts';
import { declaredVersion } from './frameworks/package-version.ts';
import type { ActiveRequests } from './guards/active.ts';
import { createCatalogue, judgeByName } from './guards/catalogue/index.ts';
import { pathOf } from './guards/catalogue/path.ts';
import type { Judge } from './guards/judge.ts';
import { explore } from './guards/explore.ts';
import { StepSummaries } from './guards/summaries.ts';
import { createOwnJudge } from './guards/own.ts';
import { createHost } from './guards/host.ts';
import { Activations } from './interpreter/amendments/activations.ts';
import type { Registration } from './interpreter/amendments/amendment.ts';
import { DEFAULT_BOUNDS } from './interpreter/bounds.ts';
import type { Host } from './interpreter/host.ts';
import { Interpreter } from './interpreter/interpreter.ts';
import type { LoadedModule, Loader } from './interpreter/modules/loader.ts';
import { NO_READS, type Reads } from './interpreter/observation/reads.ts';
import type { Analysis, Application, Endpoint, Note, RateLimitVerdict, Settings } from './model.ts';
import { type Conditional, withoutAlternatives } from './policy/alternatives.ts';
import { judgeAuth } from './policy/auth.ts';
import { EndpointTexts } from './policy/endpoint-texts.ts';
import { createEvidenceWriter, type EvidenceWriter } from './policy/evidence.ts';
import { publicBy, publicTag } from './policy/public.ts';
import type { SharedLimiters } from './policy/limiters.ts';
import { judgeRateLimit } from './policy/rate-limit.ts';
import { relativePath } from './project/paths.ts';
import type { Project } from './project/project.ts';
import { onlyReachableFields } from './policy/reachable-fields.ts';
import { onlyReal } from './policy/real-endpoints.ts';
import { type Origin, runProgram } from './program.ts';
import { ABSENCE } from './interpreter/labels.ts';
import type { ClassObject, Site } from './interpreter/values.ts';

/** The routes of a program, as the dry run of the registration code left them, and what judges them. */
export class JudgedProgram {
  readonly interpreter: Interpreter;
  readonly host: Host;
  private readonly frameworks: readonly Framework[];
  private readonly routesOf = new Map<Framework, readonly Route[]>();
  readonly shared: Shared;
  private readonly project: Project;
  private readonly settings: Settings;
  private readonly origins: ReadonlyMap<Site, Origin>;
  private readonly applications: readonly FoundApplication[];
  private readonly indexOf: ReadonlyMap<Site, number>;
  private readonly writer: EvidenceWriter;
  private readonly texts = new EndpointTexts();

  constructor(project: Project, settings: Settings, loader: Loader = project, reads: Reads = NO_READS) {
    const active: ActiveRequests = { current: undefined };
    const catalogue = createCatalogue({ versionOf: (name) => declaredVersion(project, name, `${project.root}/package.json`) });
    const judge: Judge = {
      own: createOwnJudge(() => this.interpreter, settings),
      known: (external, args) => catalogue.judge(external, args),
      byName: (external) => judgeByName(external.package, pathOf(external)),
    };
    const frameworks: readonly Framework[] = [createExpressFramework(judge, active), createFastifyFramework(judge, active, catalogue), createNestFramework(judge, active)];
    this.project = project;
    this.settings = settings;
    this.host = createHost([...frameworks, createInjection(), createFileFinders()], judge, active);
    this.interpreter = new Interpreter(loader, this.host, DEFAULT_BOUNDS, reads);
    if (reads !== NO_READS) this.interpreter.activations = new Activations();
    this.origins = runProgram(this.interpreter, project, frameworks, settings);
    this.writer = createEvidenceWriter(project.root);
    this.applications = frameworks.flatMap((f) => f.applications());
    this.shared = { limiters: { found: new Map(), alone: new StepSummaries(), walks: new StepSummaries() }, summaries: new StepSummaries(ABSENCE, reads !== NO_READS) };
    this.indexOf = new Map(this.applications.map((application, index) => [application.site, index]));
    this.frameworks = frameworks;
    for (const framework of frameworks) this.routesOf.set(framework, framework.routes(this.interpreter));
  }

  get routes(): readonly Route[] {
    return [...this.routesOf.values()].flat();
  }

  /** True for a class from whose decorators routes are made and nothing else. */
  isMadeRoutesOf(created: ClassObject): boolean {
    return this.frameworks.some((framework) => framework.isMadeRoutesOf?.(created));
  }

  /** Registrations came or went, or classes have other methods or decorators; routes that are as they were stay the same objects. False where other applications are left: endpoints name theirs by its index. */
  amended(changes: readonly Registration[], classes: readonly ClassObject[]): boolean {
    for (const framework of this.frameworks) {
      const has = { changes: framework.amended && changes.length > 0, classes: framework.redecorated && classes.length > 0 };
      if (!has.changes && !has.classes) continue;
      if (has.changes) framework.amended?.(changes);
      if (has.classes) framework.redecorated?.(classes);
      this.routesOf.set(framework, framework.routes(this.interpreter));
    }
    const applications = this.frameworks.flatMap((framework) => framework.applications());
    return applications.length === this.applications.length && applications.every(({ site }, index) => site === this.applications[index]?.site);
  }

  /** The endpoint of a route; none where it turns out to be no endpoint. */
  judge(route: Route, rateLimit: RateLimitOf = (asked) => this.rateLimit(asked)): readonly Conditional[] {
    const { interpreter, settings, writer, project, shared } = this;
    const application = route.application ? this.indexOf.get(route.application.site) ?? -1 : -1;
    return endpointOf(interpreter, route, application, settings, writer, project.root, shared, rateLimit).map((endpoint) => ({ endpoint, conditions: route.conditions }));
  }

  rateLimit(route: Route): RateLimitVerdict {
    return judgeRateLimit(this.interpreter, route, this.writer, this.shared.limiters);
  }

  /** As endpoints and evidence name it. */
  fileOf({ file }: LoadedModule): string {
    return relativePath(this.project.root, file);
  }

  /** All of it, from what `judge` gave for each route. */
  analysis(judged: readonly Conditional[]): Analysis {
    const { applications, origins, project: { root } } = this;
    const endpoints = withoutAlternatives(judged, this.writer, this.texts);
    return {
      version: 1,
      root,
      endpoints: onlyReachableFields(onlyReal(endpoints, applications.map((a) => origins.get(a.site) ?? 'uncalled function'), this.texts)).sort(byPlace),
      applications: applications.map((a): Application => ({ framework: a.framework, ...placeOf(a.site, root) })),
      notes: this.notes(),
    };
  }

  notes(): readonly Note[] {
    return notesOf(this.interpreter, this.project);
  }
}

type RateLimitOf = (route: Route) => RateLimitVerdict;

/** What was found out about functions that stand in several chains. */
interface Shared {
  readonly limiters: SharedLimiters;
  readonly summaries: StepSummaries;
}

function endpointOf(interpreter: Interpreter, route: Route, application: number, settings: Settings, writer: EvidenceWriter, root: string, shared: Shared, rateLimit: RateLimitOf): Endpoint[] {
  const judged = judgeAuth(interpreter, route, writer, shared.summaries);
  // app.all('*', requireAuth) only hands on: a guard, no endpoint.
  if (route.mayBeMiddleware && (judged.passesOn || judged.verdict.status === 'guarded') && handsOn(interpreter, route)) return [];
  if (route.mayRefuseAll === true && refusesAll(interpreter, route)) return [];
  const tag = publicTag(route);
  const by = judged.verdict.status === 'naked' ? publicBy(interpreter, route, judged.chain, settings, writer, tag, shared.summaries) : [];
  return [{
    framework: route.framework,
    kind: route.kind ?? 'http',
    methods: route.methods,
    path: route.path,
    ...placeOf(route.place, root),
    handler: route.handler,
    ...(route.owner && { owner: { name: route.owner.name, ...placeOf(route.owner.site, root) } }),
    mounted: route.application !== undefined,
    application,
    ...(tag && { publicTag: tag.reason }),
    auth: by.length > 0 ? { status: 'public', by } : judged.verdict,
    rateLimit: rateLimit(route),
  }];
}

/** Whether a request that may carry a credential only passes through. */
function handsOn(interpreter: Interpreter, route: Route): boolean {
  return route.chains(interpreter, 'any').every((chain) => {
    const last = chain.steps.at(-1);
    if (!last) return false;
    const { paths } = explore(interpreter, [last], { given: route.conditions, isDecided: (path) => path.end.kind === 'work' });
    return paths.some((p) => p.end.kind === 'fell through') && !paths.some((p) => p.end.kind === 'work');
  });
}

/** app.use('/api', (req, res) => res.sendStatus(404)) */
function refusesAll(interpreter: Interpreter, route: Route): boolean {
  return route.chains(interpreter, 'any').every((chain) => {
    const { paths, complete } = explore(interpreter, chain.steps.slice(-1), { given: route.conditions, isDecided: (path) => path.end.kind === 'work' });
    return complete && paths.every((p) => p.end.kind === 'stopped' && p.end.because === 'refusal');
  });
}

function byPlace(a: Endpoint, b: Endpoint): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || a.column - b.column;
}

function placeOf(site: Site, root: string): Pick<Endpoint, 'file' | 'line' | 'column' | 'endLine' | 'endColumn'> {
  const start = site.module.position(site.name?.start ?? site.start);
  const end = site.module.position(site.name?.end ?? site.end);
  return { file: relativePath(root, site.module.file), line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
}

/** What the project left out, and what the interpreter could not run to its end; a module that does not parse is known to both. */
function notesOf(interpreter: Interpreter, project: Project): Note[] {
  const left = project.notes();
  const cut = [...interpreter.modules.failures].map(([file, reason]) => ({ file: relativePath(project.root, file), reason }));
  return [...left, ...cut.filter((note) => !left.some((other) => other.file === note.file && other.reason === note.reason))];
}
