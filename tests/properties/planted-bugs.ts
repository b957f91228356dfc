import type { Edit, PlantedBug } from './mutant.ts';

const routing = 'frameworks/express/routing.ts';
const steps = 'frameworks/express/steps.ts';
const run = 'guards/request-run.ts';

/** The layers that the walk of a chain tries; some bugs only show where all are tried. */
const candidates = 'matchers.candidates(state, at.url, own)';
const tryAll: Edit = { file: routing, search: candidates, replace: 'state.layers' };

/** Each is a mistake that a tool of this kind could make. */
export const plantedBugs: readonly PlantedBug[] = Object.freeze([
  {
    about: 'middleware covers the routes registered before it',
    file: routing,
    search: candidates,
    replace: `[...${candidates}].sort((a, b) => Number(a.kind === 'route') - Number(b.kind === 'route'))`,
  },
  {
    about: 'a guard inside a mounted router does not stop what is registered after the mount',
    file: routing,
    search: 'if (open.has(sub) && !leads) continue;\n            if (walk',
    replace: 'if (!leads) continue;\n            if (walk',
  },
  {
    about: "a mounted router's guards are met whatever the mount's path",
    file: routing,
    search: 'if (!match) continue;\n        const params = state.mergeParams ? mergeParams(match.params, at.params) : match.params;\n        const inner: Position = { url: match.rest, baseUrl: at.baseUrl + match.base, params };\n        runParams(state, match.params, done, conditions, inner);',
    replace: "if (!match && !layer.handlers.some(({ value }) => routerState(value))) continue;\n        const params = match?.params ?? {};\n        const inner: Position = match ? { url: match.rest, baseUrl: at.baseUrl + match.base, params } : at;\n        runParams(state, params, done, conditions, inner);",
    also: [tryAll],
  },
  {
    about: 'a path prefix matches without a boundary',
    file: routing,
    search: "if ('match' in matcher) return matcher.match(at.url);",
    replace: "const [first] = layer.paths;\n    if (!end && first?.pattern.kind === 'string' && first.pattern.source !== '/' && at.url.startsWith(first.pattern.source)) return { matched: at.url, rest: at.url.slice(first.pattern.source.length) || '/', base: first.pattern.source, params: {} };\n    if ('match' in matcher) return matcher.match(at.url);",
    also: [tryAll],
  },
  {
    about: 'a mounted router sees the whole path',
    file: routing,
    search: 'const inner: Position = { url: match.rest, baseUrl',
    replace: 'const inner: Position = { url: at.url, baseUrl',
  },
  {
    about: 'a guard given beside the router in one use() is left out',
    file: routing,
    search: 'for (const [index, handler] of layer.handlers.entries()) {\n          if (routerState(handler.value)) {',
    replace: 'for (const [index, handler] of layer.handlers.entries()) {\n          if (isMount && mount?.handler !== index) continue;\n          if (routerState(handler.value)) {',
  },
  {
    about: 'a router is known under its first mount only',
    file: routing,
    search: 'if (isRouter) targets.push(',
    replace: 'if (isRouter && !targets.some((t) => t.mounts.some((m) => (m.entry ?? m.layer).handlers[m.handler]?.value === value))) targets.push(',
  },
  {
    about: 'of an array of paths only the first matches',
    file: routing,
    search: 'compile(isList || !paths[0] ? paths.map((p) => p.pattern) : paths[0].pattern,',
    replace: 'compile(paths[0] ? paths[0].pattern : paths.map((p) => p.pattern),',
  },
  {
    about: 'a registration under several paths is one endpoint',
    file: routing,
    search: 'for (const path of layer.paths) {\n            const inner',
    replace: 'for (const path of layer.paths.slice(0, 1)) {\n            const inner',
  },
  {
    about: 'all() stands for GET alone',
    file: routing,
    search: "e.method === 'ALL' || e.method === method",
    replace: "(e.method === 'ALL' && method === 'GET') || e.method === method",
  },
  {
    about: 'a guard for one method covers the others',
    file: routing,
    search: "e.method === 'ALL' || e.method === method",
    replace: 'true',
  },
  {
    about: 'an earlier registration for the same path is no part of the chain',
    file: routing,
    search: 'if (!match) continue;\n        meetsRoutes',
    replace: 'if (!match || !isTarget) continue;\n        meetsRoutes',
  },
  {
    about: 'a registration for all methods is judged by one of them',
    file: 'frameworks/all-methods.ts',
    search: "['GET', 'PUT', 'PATCH', 'DELETE', 'POST']",
    replace: "['POST']",
  },
  {
    about: 'what route(path).all(guard) adds does not cover the calls chained to it',
    file: routing,
    search: 'if (entries.length === 0 && !isTarget) continue;',
    replace: "if (entries.length === 0 && !isTarget) continue;\n        if (isTarget && target.what.kind === 'entry') entries.splice(0, entries.indexOf(target.what.entry));",
  },
  {
    about: 'router.param callbacks never run',
    file: routing,
    search: 'if (callback.name === name) add(',
    replace: 'if (callback.name === `${name}?`) add(',
  },
  {
    about: 'a nested router always sees the parameters of its mount',
    file: routing,
    search: 'const params = state.mergeParams ? mergeParams(match.params, at.params) : match.params;\n        const inner: Position = { url: at.url',
    replace: 'const params = mergeParams(match.params, at.params);\n        const inner: Position = { url: at.url',
  },
  {
    about: 'a guard registered under a condition always stands',
    file: routing,
    search: 'const conditions = [...outer, ...layer.conditions];',
    replace: 'const conditions = [...outer];',
  },
  {
    about: "next('route') only goes on",
    file: routing,
    search: 'stop.afterRoute = stops.length;',
    replace: 'stop.afterRoute = stops.indexOf(stop) + 1;',
  },
  {
    about: "next('router') leaves no more than the route",
    file: steps,
    search: "if (argument.value === 'router') return this.leave(stop.afterRouter, site, stop);",
    replace: "if (argument.value === 'router') return this.leave(stop.afterRoute, site, stop);",
  },
  {
    about: 'error middleware counts as a guard',
    file: steps,
    search: 'value.node.params.length === 4',
    replace: 'value.node.params.length === 5',
  },
  {
    about: 'next(error) lets the request go on',
    file: steps,
    search: 'if (argument instanceof HeapObject) return this.fail(argument, site, stage);',
    replace: "if (argument instanceof HeapObject) return { kind: 'continues' };",
  },
  {
    about: 'a rejected promise lets the request go on',
    file: run,
    search: "if (returned instanceof PromiseObject && returned.state === 'rejected') throw new ThrowSignal(returned.result, stage.site);",
    replace: "if (returned instanceof PromiseObject && returned.state === 'rejected') return { kind: 'continues' };",
  },
  {
    about: "a handler's own refusal counts as its work",
    file: run,
    search: 'if (!running.isOwn || isRefusal(answer)) return;',
    replace: 'if (!running.isOwn) return;',
  },
  {
    about: 'an answer 429 is no limiter',
    file: run,
    search: 'if (answer.status === 429) throw',
    replace: 'if (answer.status === 430) throw',
    also: [{ file: run, search: 'if ((all & COUNTER) !== 0 && isRefusal(answer))', replace: 'if ((all & COUNTER) !== 0 && answer.status === 430)' }],
  },
  {
    about: 'a function that reads the path is judged on one route for all',
    file: steps,
    search: 'reads: () => this.facts.reads,',
    replace: 'reads: () => [],',
  },
  {
    about: 'what a middleware wrote on the request is forgotten where a later function was met before',
    file: 'guards/request-state.ts',
    search: 'this.keys.add(key);',
    replace: 'void key;',
  },
  {
    about: 'a router leaves out the layers whose paths begin with a parameter',
    file: 'frameworks/express/layer-index.ts',
    search: 'const positions = new Set(this.top.layers);',
    replace: "const positions = new Set(this.top.layers.filter((position) => !this.layers[position]?.paths.some(({ pattern }) => pattern.kind === 'string' && pattern.source.startsWith('/:'))));",
  },
  {
    about: 'the headers of the anonymous carry a credential',
    file: 'guards/request/request.ts',
    search: "['headers', headersObject(interpreter, question)],",
    replace: "['headers', headersObject(interpreter, 'any')],",
  },
  {
    about: 'a path that is mounted matches its own end only',
    file: 'frameworks/express/path-match.ts',
    search: '  const end = options.end;',
    replace: '  const end = true;',
  },
  {
    about: 'a mounted regular expression covers what follows without a boundary',
    file: 'frameworks/express/path-match.ts',
    search: "if (next !== '' && next !== '/' && !(next === '.' && major === 4)) return undefined;",
    replace: '',
  },
] satisfies readonly PlantedBug[]);
