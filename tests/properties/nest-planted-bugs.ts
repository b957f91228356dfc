import type { PlantedBug } from './mutant.ts';

const endpoints = 'frameworks/nest/endpoints.ts';
const decorators = 'frameworks/nest/decorators.ts';
const methods = 'frameworks/nest/methods.ts';
const surroundings = 'frameworks/nest/surroundings.ts';
const middleware = 'frameworks/nest/middleware.ts';

/** Each is a mistake that a tool of this kind could make about Nest. */
export const nestPlantedBugs: readonly PlantedBug[] = Object.freeze([
  {
    about: 'a global guard that a module provides is not met',
    file: surroundings,
    search: 'guards: [...state.guards, ...providedGuards]',
    replace: 'guards: [...state.guards]',
  },
  {
    about: 'app.useGlobalGuards() does nothing',
    file: surroundings,
    search: 'guards: [...state.guards, ...providedGuards]',
    replace: 'guards: [...providedGuards]',
  },
  {
    about: 'only the root module provides global guards',
    file: 'frameworks/nest/injector.ts',
    search: 'everyProvider(token: unknown): readonly Provider[] {\n    return this.graph.modules.flatMap(',
    replace: 'everyProvider(token: unknown): readonly Provider[] {\n    return this.graph.modules.slice(0, 1).flatMap(',
  },
  {
    about: 'guards of a class are not met',
    file: endpoints,
    search: 'guards: [...around.guards, ...listedEnhancers(interpreter, controller, GUARDS), ...listedEnhancers(interpreter, method.handler, GUARDS)]',
    replace: 'guards: [...around.guards, ...listedEnhancers(interpreter, method.handler, GUARDS)]',
  },
  {
    about: 'guards of a method are not met',
    file: endpoints,
    search: 'guards: [...around.guards, ...listedEnhancers(interpreter, controller, GUARDS), ...listedEnhancers(interpreter, method.handler, GUARDS)]',
    replace: 'guards: [...around.guards, ...listedEnhancers(interpreter, controller, GUARDS)]',
  },
  {
    about: 'guards of a method cover its whole class',
    file: endpoints,
    search: 'guards: [...around.guards, ...listedEnhancers(interpreter, controller, GUARDS), ...listedEnhancers(interpreter, method.handler, GUARDS)]',
    replace: 'guards: [...around.guards, ...listedEnhancers(interpreter, controller, GUARDS), ...handlerMethods(interpreter, controller).flatMap((one) => listedEnhancers(interpreter, one.handler, GUARDS))]',
  },
  {
    about: 'guards of a class take the place of those of its base class',
    file: decorators,
    search: 'interpreter.array([...(before instanceof ArrayObject ? before.elements : []), ...added])',
    replace: 'interpreter.array([...added])',
  },
  {
    about: 'guards of a base class are not inherited',
    file: surroundings,
    search: 'interpreter.metadata.find(bearer, undefined, key))?.value;',
    replace: 'interpreter.metadata.own(bearer, undefined, key))?.value;',
  },
  {
    about: 'inherited methods are no routes',
    file: methods,
    search: 'prototype && prototype !== realm.objectPrototype;',
    replace: 'prototype && prototype === owner.instances;',
  },
  {
    about: 'a method that overrides a route without a decorator is a route',
    file: methods,
    search: "if (key === 'constructor' || seen.has(key)) continue;",
    replace: "if (key === 'constructor' || seen.has(key)) continue;\n      if (slot.kind !== 'accessor' && !metadata.own(slot as HeapObject, undefined, metadataKey)) continue;",
  },
  {
    about: 'a mark on a class is not read',
    file: 'frameworks/nest/reflector.ts',
    search: 'return list.elements.map(',
    replace: 'return list.elements.slice(0, 1).map(',
  },
  {
    about: 'what a guard reads of one handler is taken for what it reads of every other',
    file: 'interpreter/observation/metadata-look.ts',
    search: '(other) => describe(interpreter, target, findHere(other))',
    replace: '() => describe(interpreter, target, undefined)',
  },
  {
    about: 'a guard never finds metadata',
    file: 'frameworks/nest/reflector.ts',
    search: '(hides() ? UNDEFINED : read(call))',
    replace: 'UNDEFINED',
  },
  {
    about: 'a composed decorator applies all but its first',
    file: decorators,
    search: 'for (const given of args) {',
    replace: 'for (const given of args.slice(1)) {',
  },
  {
    about: 'a guard that answers false lets the request through',
    file: 'frameworks/nest/steps.ts',
    search: "if (interpreter.isTrue(result, stage.site)) return { kind: 'continues' };",
    replace: "if (result) return { kind: 'continues' };",
  },
  {
    about: 'a middleware for a controller covers what has the same prefix',
    file: middleware,
    search: 'path: joinPaths([outer.pattern, inner.pattern]), method: method.method }',
    replace: "path: joinPaths([outer.pattern]), method: inner ? 'ALL' : method.method }",
  },
  {
    about: 'exclusions of a middleware are not heeded',
    file: middleware,
    search: " && !rule.excludes.some((route) => isMatch(route, url, method, major, 'whole'))",
    replace: '',
  },
  {
    about: 'SkipThrottle() is not heeded',
    file: 'frameworks/nest/throttler.ts',
    search: 'if (interpreter.isTrue(metadata(SKIP + name), site)) continue;',
    replace: '',
  },
  {
    about: 'SkipThrottle() of one name skips the others',
    file: 'frameworks/nest/throttler.ts',
    search: 'if (interpreter.isTrue(metadata(SKIP + name), site)) continue;',
    replace: "if (['default', 'other'].some((one) => interpreter.isTrue(metadata(SKIP + one), site))) continue;",
  },
  {
    about: 'the global prefix is left out',
    file: 'frameworks/nest/paths.ts',
    search: 'const all = prefix ? [prefix, ...parts] : parts;',
    replace: 'const all = parts;',
  },
  {
    about: 'middleware of modules is not met',
    file: surroundings,
    search: 'if (!covers(rule, state, inner, method)) continue;',
    replace: 'if (covers(rule, state, inner, method) || inner) continue;',
  },
  {
    about: 'SkipThrottle({ default: false }) opts out',
    file: 'frameworks/nest/throttler.ts',
    search: 'if (interpreter.isTrue(metadata(SKIP + name), site)) continue;',
    replace: 'if (!isNothing(metadata(SKIP + name))) continue;',
  },
] satisfies readonly PlantedBug[]);
