import type { ActiveRequests } from '../../guards/active.ts';
import { callFromStep } from '../../guards/calls.ts';
import type { Judge } from '../../guards/judge.ts';
import { nameOf } from '../../guards/names.ts';
import type { Question } from '../../guards/question.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { External, ModelObject, type Site, type Value } from '../../interpreter/values.ts';
import type { FoundApplication, Framework, RequestChain, Route } from '../framework.ts';
import { createExpress, createRouter, type Registry, routerState } from './objects.ts';
import { joinPaths, samplePaths } from './paths.ts';
import { conditionsOf, Matchers, patternsOf, type Stop, stopsTo, type Target, targetsOf } from './routing.ts';
import { ExpressRequest } from './steps.ts';

/** Shapes of one path that are tried: with its optional parts and without. */
const MAX_SAMPLES = 3;

export function createExpressFramework(judge: Judge, active: ActiveRequests): Framework {
  const registry: Registry = { routers: [] };
  let express: ModelObject | undefined;

  const isTerminal = (value: Value): boolean => value instanceof External && (isStatic(value) || judge.known(value)?.row.role === 'terminal');

  return {
    name: 'express',
    packages: ['express', 'express-promise-router'],

    importPackage(interpreter, external) {
      if (external.package !== 'express' || external.subpath !== '') return undefined;
      express ??= createExpress(interpreter, registry);
      return external.name === 'default' || external.name === '*' ? express : interpreter.get(express, external.name, external.site as Site);
    },

    callExternal(interpreter, callee, args, site) {
      const run = active.current;
      if (interpreter.choosing) return run instanceof ExpressRequest ? callFromStep(run, callee, args, site) : undefined;
      // const Router = require('express-promise-router')
      const row = judge.known(new External({ step: 'call', package: callee.package, subpath: callee.subpath, base: callee, args, site }))?.row;
      return row?.role === 'wrapper' && row.effect === 'router' ? createRouter(interpreter, registry, 'router', args[0], site) : undefined;
    },

    owns: (value) => routerState(value) !== undefined || (value instanceof ModelObject && value.behaviour.name.startsWith('express')),

    applications: () => roots(registry).filter((r) => routerState(r)?.kind === 'application').map(applicationOf),

    routes(interpreter) {
      const matchers = new Matchers();
      return roots(registry).flatMap((root) => targetsOf(root, isTerminal).map((target) => routeOf(interpreter, target, matchers, judge, active)));
    },
  };
}

/** Applications and routers that nothing mounts. */
function roots(registry: Registry): ModelObject[] {
  const mounted = new Set<Value>();
  for (const router of registry.routers) {
    for (const layer of routerState(router)?.layers ?? []) {
      if (layer.kind === 'use') for (const { value } of layer.handlers) if (value !== router) mounted.add(value);
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

function routeOf(interpreter: Interpreter, target: Target, matchers: Matchers, judge: Judge, active: ActiveRequests): Route {
  const { what } = target;
  const entry = what.kind === 'entry' ? what.entry : undefined;
  const handlers = entry?.handlers ?? [];
  const last = what.kind === 'mounted' ? what.layer.handlers[what.handler]?.value : handlers.at(-1)?.value;
  const isApplication = routerState(target.root)?.kind === 'application';
  return {
    framework: 'express',
    methods: [entry?.method ?? 'USE'],
    path: joinPaths(patternsOf(target)),
    place: entry?.place ?? target.path.place,
    registration: entry?.site ?? what.layer.site,
    handler: last ? nameOf(last) : '(none)',
    application: isApplication ? applicationOf(target.root) : undefined,
    conditions: conditionsOf(target),
    unfollowed: undefined,
    isPublicByNature: last !== undefined && isStatic(last),
    mayBeMiddleware: entry?.method === 'ALL',
    chains: (_interpreter, question) => chainsOf(interpreter, target, question, matchers, judge, active),
  };
}

function chainsOf(interpreter: Interpreter, target: Target, question: Question, matchers: Matchers, judge: Judge, active: ActiveRequests): RequestChain[] {
  const { what } = target;
  const state = routerState(target.root);
  const sampled = samplePaths(patternsOf(target), { major: state?.major ?? 5, last: what.kind === 'entry' ? 'route' : 'mount' });
  const urls = 'samples' in sampled ? sampled.samples.slice(0, MAX_SAMPLES).map((s) => s.path) : ['/'];
  const application = state?.kind === 'application' ? target.root : interpreter.unknown('the application that mounts the router', target.root.site, 0, 'req.app');
  const requests = urls.flatMap((url) => methodsFor(target, url, matchers).map((method) => ({ url, method })));
  return requests.map(({ url, method }) => {
    const { stops } = stopsTo(target, url, method, matchers);
    const facts = { question, method, originalUrl: url, application };
    const chain = (request: ExpressRequest): RequestChain => ({ steps: request.steps(), stateOf: () => request.state() });
    return {
      ...chain(new ExpressRequest(interpreter, judge, facts, stops, active)),
      anonymousElsewhere: () => chain(new ExpressRequest(interpreter, judge, { ...facts, originalUrl: ELSEWHERE }, stops.map(elsewhere), active)),
    };
  });
}

const METHODS = ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** The methods to try. For `all`, GET and one that no other registration on the way names: it meets the fewest guards. */
function methodsFor(target: Target, url: string, matchers: Matchers): string[] {
  const { what } = target;
  if (what.kind === 'mounted') return ['GET'];
  if (what.entry.method !== 'ALL') return [what.entry.method];
  const { named } = stopsTo(target, url, 'GET', matchers);
  return ['GET', METHODS.find((method) => !named.has(method)) ?? 'POST'];
}

/** A path that no list in the program names. */
const ELSEWHERE = '/elsewhere7q/x1z9';

function elsewhere(stop: Stop): Stop {
  return { ...stop, url: ELSEWHERE, baseUrl: '' };
}
