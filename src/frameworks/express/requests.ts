import type { ActiveRequests } from '../../guards/active.ts';
import type { Judge } from '../../guards/judge.ts';
import type { Question } from '../../guards/question.ts';
import { Subjects } from '../../guards/subjects.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { ModelObject } from '../../interpreter/values.ts';
import { METHODS_OF_ALL } from '../all-methods.ts';
import type { RequestChain } from '../framework.ts';
import { mayMatch } from './layer-index.ts';
import type { Layer, RouterState } from './layers.ts';
import { routerState } from './objects.ts';
import { freshSegment } from './path-fresh.ts';
import { PathCompiler, type PathPattern, samplePaths } from './paths.ts';
import { answersAll, Matchers, outerPatternsOf, patternsOf, type Stop, stopsTo, type Target, type Visit } from './routing.ts';
import { ExpressRequest } from './steps.ts';

/** The requests that are sent to endpoints: one for each application and question. */
export class Requests {
  private readonly interpreter: Interpreter;
  private readonly judge: Judge;
  private readonly active: ActiveRequests;
  private readonly compiler = new PathCompiler();
  private readonly matchers = new Matchers(this.compiler);
  private readonly subjects = new Subjects();
  private readonly known = new Map<ModelObject, Map<Question, ExpressRequest>>();
  /** Found once for each target: to make up paths, and to see what they meet, costs more than most walks. */
  private readonly tried = new WeakMap<Target, readonly Tried[]>();
  private readonly ways = new WeakMap<Target, readonly Way[]>();
  /** Kept where registrations may come and go. */
  private readonly visits = new WeakMap<Target, readonly Visit[]>();
  private readonly visitors = new Map<RouterState, Set<Target>>();

  constructor(interpreter: Interpreter, judge: Judge, active: ActiveRequests) {
    this.interpreter = interpreter;
    this.judge = judge;
    this.active = active;
  }

  /** False for a route of a router that is the handler of another route, where no path or method matches both. */
  canReach(target: Target): boolean {
    return outerPatternsOf(target).length === 0 || this.sent(target).length > 0;
  }

  /** The patterns that the path is shown with: its own, or where no path matches that and the route around it, the one of the route. */
  servedPatternsOf(target: Target): readonly PathPattern[] {
    const tried = this.triedFor(target);
    return (tried.find(({ requests }) => requests.length > 0) ?? tried[0] as Tried).patterns;
  }

  chainsOf(target: Target, question: Question): RequestChain[] {
    const request = this.requestTo(target.root, question);
    return this.waysTo(target).map(({ url, method, stops }) => {
      return { ...request.chain(method, url, stops), anonymousElsewhere: () => request.chain(method, ELSEWHERE, stops.map(elsewhere)) };
    });
  }

  /** What the requests meet that are tried: the same for each question. */
  private waysTo(target: Target): readonly Way[] {
    let ways = this.ways.get(target);
    if (!ways) {
      const all = this.sent(target).map(({ url, method }) => ({ url, method, ...this.stopsTo(target, url, method) }));
      // app.use(['/', '/users'], router)      the first that matches is taken: what is below the second is looked for below the first
      const reaching = all.filter(({ reached }) => reached);
      this.ways.set(target, (ways = reaching.length > 0 ? reaching : all));
    }
    return ways;
  }

  /** The requests that are tried. */
  private sent(target: Target): readonly Sent[] {
    return this.triedFor(target).flatMap(({ requests }) => requests);
  }

  private triedFor(target: Target): readonly Tried[] {
    let tried = this.tried.get(target);
    if (!tried) this.tried.set(target, (tried = [patternsOf(target), ...outerPatternsOf(target)].map((patterns) => ({ patterns, requests: this.sentTo(target, patterns) }))));
    return tried;
  }

  private sentTo(target: Target, patterns: readonly PathPattern[]): readonly Sent[] {
    const { what } = target;
    const major = routerState(target.root)?.major ?? 5;
    const sampled = samplePaths(patterns, { major, last: what.kind === 'entry' ? 'route' : 'mount' }, this.compiler);
    const sentTo = (urls: readonly string[]): Sent[] => urls.flatMap((url) => methodsFor(target).map((method) => ({ url, method })));
    const isReached = ({ url, method }: Sent): boolean => this.stopsTo(target, url, method).reached;
    if ('unsampled' in sampled) {
      // app.use('/users/*rest', router.get(['/', '/items'], …))      what looks like the second comes by the first
      const served = sentTo(sampled.spelled ?? []).filter(isReached);
      if (served.length > 0) return served;
    }
    const paths = 'samples' in sampled ? sampled.samples.map((s) => s.path) : ['/'];
    // app.get('/', requireUser, home); app.use(express.static('public'))      what is mounted serves what is below, past the route
    const below = what.kind === 'mounted' ? paths.filter((path) => this.stopsTo(target, path, 'GET').meetsRoutes).map((path) => `${path.replace(/\/$/, '')}/${freshSegment('below')}`) : [];
    const requests = sentTo([...paths, ...below]);
    return outerPatternsOf(target).length === 0 ? requests : requests.filter(isReached);
  }

  private stopsTo(target: Target, url: string, method: string): ReturnType<typeof stopsTo> {
    const found = stopsTo(target, url, method, this.matchers);
    if (this.interpreter.activations) this.noteVisits(target, found.visits);
    return found;
  }

  private noteVisits(target: Target, visits: readonly Visit[]): void {
    this.visits.set(target, [...this.visits.get(target) ?? [], ...visits]);
    for (const { state } of visits) {
      let visitors = this.visitors.get(state);
      if (!visitors) this.visitors.set(state, visitors = new Set());
      visitors.add(target);
    }
  }

  /** Targets whose requests may meet one of the layers, now or before they changed. Forgets what was found out about them then. */
  forgetWhereMet(layers: readonly ChangedLayer[]): readonly Target[] {
    const isMet = ({ state, url, last }: Visit): boolean => layers.some(({ router, layer }) => router === state && !(last && layer.registeredAt > last.registeredAt) && mayMatch(layer, url));
    const visitors = new Set(layers.flatMap(({ router }) => [...this.visitors.get(router) ?? []]));
    const met = [...visitors].filter((target) => this.visits.get(target)?.some(isMet));
    for (const target of met) {
      for (const { state } of this.visits.get(target) ?? []) this.visitors.get(state)?.delete(target);
      for (const known of [this.tried, this.ways, this.visits]) known.delete(target);
    }
    return met;
  }

  /** The router has other layers now. */
  forgetLayersOf(router: RouterState): void {
    this.matchers.forget(router);
  }

  private requestTo(root: ModelObject, question: Question): ExpressRequest {
    let requests = this.known.get(root);
    if (!requests) this.known.set(root, requests = new Map());
    let request = requests.get(question);
    if (!request) {
      const isApplication = routerState(root)?.kind === 'application';
      const application = isApplication ? root : this.interpreter.unknown('the application that mounts the router', root.site, 0, 'req.app');
      requests.set(question, request = new ExpressRequest(this.interpreter, this.judge, { question, application }, this.active, this.subjects));
    }
    return request;
  }
}

/** A layer that a router has, and had not before, or the other way round. */
export interface ChangedLayer {
  readonly router: RouterState;
  readonly layer: Layer;
}

interface Sent {
  readonly url: string;
  readonly method: string;
}

/** The requests by which one tries to get through the patterns. */
interface Tried {
  readonly patterns: readonly PathPattern[];
  readonly requests: readonly Sent[];
}

interface Way extends Sent {
  readonly stops: readonly Stop[];
}

function methodsFor(target: Target): readonly string[] {
  const { what } = target;
  if (what.kind === 'mounted' && !answersAll(target)) return ['GET'];
  if (what.kind === 'entry' && what.entry.method !== 'ALL') return [what.entry.method];
  return METHODS_OF_ALL;
}

/** A path that no list in the program names. */
const ELSEWHERE = '/elsewhere7q/x1z9';

function elsewhere(stop: Stop): Stop {
  return { ...stop, url: ELSEWHERE, baseUrl: '' };
}
