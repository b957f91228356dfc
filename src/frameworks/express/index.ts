import type { ActiveRequests } from '../../guards/active.ts';
import { callFromStep } from '../../guards/calls.ts';
import type { Judge } from '../../guards/judge.ts';
import { nameOf } from '../../guards/names.ts';
import type { Question } from '../../guards/question.ts';
import { Subjects } from '../../guards/subjects.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { External, ModelObject, type Site, type Value } from '../../interpreter/values.ts';
import { METHODS_OF_ALL } from '../all-methods.ts';
import type { FoundApplication, Framework, RequestChain, Route } from '../framework.ts';
import { madeElsewhere, PACKAGES_WITH_ROUTERS } from './made-elsewhere.ts';
import { createExpress, createRouter, type Registry, routerState } from './objects.ts';
import { freshSegment } from './path-fresh.ts';
import { joinPaths, PathCompiler, type PathPattern, samplePaths } from './paths.ts';
import { answersAll, conditionsOf, Matchers, outerPatternsOf, patternsOf, type Stop, stopsTo, type Target, targetsOf } from './routing.ts';
import { ExpressRequest } from './steps.ts';

export function createExpressFramework(judge: Judge, active: ActiveRequests): Framework {
  const registry: Registry = { routers: [] };
  let express: ModelObject | undefined;
  const foreign = new WeakMap<Value, Map<PropertyKey, ModelObject>>();

  const isTerminal = (value: Value): boolean => value instanceof External && (isStatic(value) || judge.known(value)?.row.role === 'terminal');

  return {
    name: 'express',
    packages: ['express', 'express-promise-router', ...PACKAGES_WITH_ROUTERS],

    importPackage(interpreter, external) {
      if (external.package !== 'express' || external.subpath !== '') return undefined;
      express ??= createExpress(interpreter, registry);
      return external.name === 'default' || external.name === '*' ? express : interpreter.get(express, external.name, external.site as Site);
    },

    // RED.httpAdmin.get('/path', handler)
    getMember(interpreter, external, key, site) {
      const kind = typeof key === 'string' ? madeElsewhere(new External({ step: 'get', package: external.package, subpath: external.subpath, base: external, name: key })) : undefined;
      if (kind === undefined) return undefined;
      const members = foreign.get(external) ?? new Map<PropertyKey, ModelObject>();
      foreign.set(external, members);
      const known = members.get(key) ?? createRouter(interpreter, registry, kind, undefined, site);
      members.set(key, known);
      return known;
    },

    callExternal(interpreter, callee, args, site) {
      const run = active.current;
      if (interpreter.choosing) return run instanceof ExpressRequest ? callFromStep(run, callee, args, site) : undefined;
      // const Router = require('express-promise-router')
      const made = new External({ step: 'call', package: callee.package, subpath: callee.subpath, base: callee, args, site });
      const kind = madeElsewhere(made);
      if (kind) return createRouter(interpreter, registry, kind, undefined, site);
      const row = judge.known(made)?.row;
      return row?.role === 'wrapper' && row.effect === 'router' ? createRouter(interpreter, registry, 'router', args[0], site) : undefined;
    },

    owns: (value) => routerState(value) !== undefined || (value instanceof ModelObject && value.behaviour.name.startsWith('express')),

    applications: () => roots(registry).filter((r) => routerState(r)?.kind === 'application').map(applicationOf),

    routes(interpreter) {
      const requests = new Requests(interpreter, judge, active);
      return roots(registry).flatMap((root) => targetsOf(root, isTerminal).filter((target) => requests.canReach(target)).map((target) => routeOf(target, requests)));
    },
  };
}

/** Applications and routers that nothing mounts. */
function roots(registry: Registry): ModelObject[] {
  const mounted = new Set<Value>();
  for (const router of registry.routers) {
    for (const layer of routerState(router)?.layers ?? []) {
      const handlers = layer.kind === 'use' ? layer.handlers : layer.stack.flatMap((entry) => entry.handlers);
      for (const { value } of handlers) if (value !== router) mounted.add(value);
    }
  }
  return registry.routers.filter((router) => !mounted.has(router));
}

function applicationOf(root: ModelObject): FoundApplication {
  return { framework: 'express', site: root.site as Site };
}

function isStatic(value: Value): boolean {
  return value instanceof External && value.step === 'call' && (nameOf(value) === 'express.static' || value.package === 'serve-static');
}

function routeOf(target: Target, requests: Requests): Route {
  const { what } = target;
  const entry = what.kind === 'entry' ? what.entry : undefined;
  const handlers = entry?.handlers ?? [];
  const last = what.kind === 'mounted' ? what.layer.handlers[what.handler]?.value : handlers.at(-1)?.value;
  const answers = answersAll(target);
  const isApplication = routerState(target.root)?.kind === 'application';
  return {
    framework: 'express',
    methods: [entry?.method ?? (answers ? 'ALL' : 'USE')],
    path: joinPaths(requests.servedPatternsOf(target)),
    place: entry?.place ?? target.path.place,
    registration: entry?.site ?? what.layer.site,
    handler: last ? nameOf(last) : '(none)',
    application: isApplication ? applicationOf(target.root) : undefined,
    conditions: conditionsOf(target),
    unfollowed: undefined,
    isPublicByNature: last !== undefined && isStatic(last),
    mayBeMiddleware: entry?.method === 'ALL',
    mayRefuseAll: answers,
    chains: (_interpreter, question) => requests.chainsOf(target, question),
  };
}

/** The requests that are sent to endpoints: one for each application and question. */
class Requests {
  private readonly interpreter: Interpreter;
  private readonly judge: Judge;
  private readonly active: ActiveRequests;
  private readonly compiler = new PathCompiler();
  private readonly matchers = new Matchers(this.compiler);
  private readonly subjects = new Subjects();
  private readonly known = new Map<ModelObject, Map<Question, ExpressRequest>>();
  /** Found once for each target: to make up paths, and to see what they meet, costs more than most walks. */
  private readonly tried = new Map<Target, readonly Tried[]>();
  private readonly ways = new Map<Target, readonly Way[]>();

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
      const all = this.sent(target).map(({ url, method }) => ({ url, method, ...stopsTo(target, url, method, this.matchers) }));
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
    const isReached = ({ url, method }: Sent): boolean => stopsTo(target, url, method, this.matchers).reached;
    if ('unsampled' in sampled) {
      // app.use('/users/*rest', router.get(['/', '/items'], …))      what looks like the second comes by the first
      const served = sentTo(sampled.spelled ?? []).filter(isReached);
      if (served.length > 0) return served;
    }
    const paths = 'samples' in sampled ? sampled.samples.map((s) => s.path) : ['/'];
    // app.get('/', requireUser, home); app.use(express.static('public'))      what is mounted serves what is below, past the route
    const below = what.kind === 'mounted' ? paths.filter((path) => stopsTo(target, path, 'GET', this.matchers).meetsRoutes).map((path) => `${path.replace(/\/$/, '')}/${freshSegment('below')}`) : [];
    const requests = sentTo([...paths, ...below]);
    return outerPatternsOf(target).length === 0 ? requests : requests.filter(isReached);
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
