import type { PlantedBug } from './mutant.ts';

const autoload = 'frameworks/fastify/autoload.ts';
const catalogue = 'guards/catalogue/fastify.ts';
const instance = 'frameworks/fastify/instance.ts';
const limits = 'frameworks/fastify/limits.ts';
const plugins = 'frameworks/fastify/plugins.ts';
const scopes = 'frameworks/fastify/scopes.ts';
const steps = 'frameworks/fastify/steps.ts';

/** Each is a mistake that a tool of this kind could make about Fastify. */
export const fastifyPlantedBugs: readonly PlantedBug[] = Object.freeze([
  {
    about: 'a hook does not reach plugins that were registered before it',
    file: scopes,
    search: 'for (const child of scope.children) addHook(child, name, hook);',
    replace: '',
  },
  {
    about: 'a plugin does not inherit the hooks around it',
    file: scopes,
    search: 'hooks: new Map([...(parent?.hooks ?? [])].map(([name, hooks]) => [name, [...hooks]])),',
    replace: 'hooks: new Map(),',
  },
  {
    about: 'a hook in a plugin reaches what is beside the plugin',
    file: instance,
    search: 'handlers.forEach((handler) => addHook(scope, name, { handler, site }))',
    replace: 'handlers.forEach((handler) => addHook(scope.parent ?? scope, name, { handler, site }))',
  },
  {
    about: 'fastify-plugin changes nothing',
    file: plugins,
    search: 'const isShared = skips instanceof Primitive && Boolean(skips.value);',
    replace: 'const isShared = false;',
  },
  {
    about: 'every plugin shares the hooks of its parent',
    file: plugins,
    search: 'const isShared = skips instanceof Primitive && Boolean(skips.value);',
    replace: 'const isShared = true;',
  },
  {
    about: 'the option encapsulate of fastify-plugin is not read',
    file: 'frameworks/fastify/index.ts',
    search: 'if (!(encapsulates instanceof Primitive && encapsulates.value === true)) interpreter',
    replace: 'interpreter',
  },
  {
    about: 'preParsing cannot guard',
    file: 'frameworks/fastify/state.ts',
    search: "['onRequest', 'preParsing', 'preValidation', 'preHandler'] as const",
    replace: "['onRequest', 'preValidation', 'preHandler'] as const",
  },
  {
    about: 'hooks of the route itself are not met',
    file: steps,
    search: '[this.interpreter.get(options, phase, site)]',
    replace: '[]',
  },
  {
    about: 'a limiter reaches no plugin below',
    file: scopes,
    search: 'onRoute: [...(parent?.onRoute ?? [])],',
    replace: 'onRoute: [],',
  },
  {
    about: 'an onRegister hook sees no plugin below a plugin',
    file: scopes,
    search: 'onRegister: [...(parent?.onRegister ?? [])],',
    replace: 'onRegister: [],',
  },
  {
    about: 'an onRegister hook sees plugins that share the instance',
    file: 'frameworks/fastify/plugins.ts',
    search: '(isShared ? load(scope.application, scope, run) : loadEncapsulated(interpreter, scope, options, site, run))',
    replace: 'loadEncapsulated(interpreter, scope, options, site, run)',
  },
  {
    about: 'a limiter that is not awaited limits the routes behind it',
    file: instance,
    search: 'enqueue(interpreter, scope.application, () => plugins.load(current(scope.application).scope, args[0] ?? UNDEFINED, args[1] ?? UNDEFINED, site));',
    replace: 'plugins.load(current(scope.application).scope, args[0] ?? UNDEFINED, args[1] ?? UNDEFINED, site);',
  },
  {
    about: 'await register() waits for nothing',
    file: instance,
    search: 'await(_, self) {\n      loadSoFar((scopeOf(self) as Scope).application);',
    replace: 'await(_, self) {',
  },
  {
    about: 'after() runs at once',
    file: instance,
    search: 'enqueue(interpreter, application, () => {\n      const { scope: inner }',
    replace: '((_, __, run) => run())(interpreter, application, () => {\n      const { scope: inner }',
  },
  {
    about: 'a limiter with global: false limits every route',
    file: catalogue,
    search: "unless: [{ argument: 0, property: 'global', is: false }], decides: [ALLOW_LIST], note: 'Limits",
    replace: "decides: [ALLOW_LIST], note: 'Limits",
  },
  {
    about: 'config.rateLimit of a route is not read',
    file: limits,
    search: '} else if (!(own instanceof Primitive)) {',
    replace: '} else if (own === undefined) {',
  },
  {
    about: 'config.rateLimit: false does not switch the limiter off',
    file: limits,
    search: 'if (own instanceof Primitive && own.value == null) {',
    replace: 'if (own instanceof Primitive) {',
  },
  {
    about: 'rateLimit outside config limits',
    file: limits,
    search: "const config = interpreter.get(route, 'config', site);",
    replace: 'const config = route;',
  },
  {
    about: 'a function as allowList is not asked',
    file: 'guards/catalogue/index.ts',
    search: 'decider.orList ? isCallable(found.value)',
    replace: 'decider.orList ? false',
  },
  {
    about: 'a route that has its own limit forgets whom the plugin exempts',
    file: limits,
    search: 'for (const { properties } of [options, own])',
    replace: 'for (const { properties } of [own])',
  },
  {
    about: 'fastify.rateLimit() limits nothing',
    file: plugins,
    search: 'decorateWithLimiter(interpreter, scope.instance, name, limiterFactory(interpreter, value, options));',
    replace: 'decorateWithLimiter(interpreter, scope.instance, name, UNDEFINED);',
  },
  {
    about: '@fastify/bearer-auth without its hook guards',
    file: catalogue,
    search: "by: 'credential', unless: [{ argument: 0, property: 'addHook', is: false }] }",
    replace: "by: 'credential' }",
  },
  {
    about: '@fastify/bearer-auth guards nothing by being registered',
    file: plugins,
    search: "else if (role === 'guard' && judgement.applies !== 'no') addHook",
    replace: "else if (role === 'guard' && judgement.applies === 'no') addHook",
  },
  {
    about: 'jwtVerify() never rejects',
    file: catalogue,
    search: "export: 'jwtVerify', role: 'verifies', style: 'rejects', callback: 'last', credential: 'request', note: 'Reads",
    replace: "export: 'jwtVerify', role: 'verifies', style: 'resolves nothing', callback: 'last', credential: 'request', note: 'Reads",
  },
  {
    about: 'fastify.auth() asks for all of its functions by default',
    file: 'guards/relation.ts',
    search: "  return 'or';\n}",
    replace: "  return 'and';\n}",
  },
  {
    about: 'the relation of fastify.auth() is not read',
    file: 'guards/relation.ts',
    search: "value.value === 'or')) return value.value;",
    replace: "value.value === 'or')) return 'or';",
  },
  {
    about: 'an error in done() lets the request pass',
    file: steps,
    search: 'if (argument instanceof HeapObject) return this.fail(argument, site);',
    replace: "if (argument instanceof HeapObject) return { kind: 'continues' };",
  },
  {
    about: 'an answer without return lets the request pass',
    file: steps,
    search: 'if (answer) return this.endOfAnswer(answer, labelsOf(result));\n    // onRequest',
    replace: '// onRequest',
  },
  {
    about: 'hooks see no options of the route',
    file: 'frameworks/fastify/request.ts',
    search: 'const given = interpreter.get(current.options, key, site);',
    replace: 'const given: Value = UNDEFINED;',
  },
  {
    about: 'what a hook did for one route holds for those with other options',
    file: 'frameworks/fastify/route-facts.ts',
    search: "case 'route.config': case 'route.schema': return this.optionFact(interpreter, route, name.slice('route.'.length));",
    replace: "case 'route.config': case 'route.schema': return '';",
  },
  {
    about: 'of a list of methods only the first is served',
    file: 'frameworks/fastify/routes.ts',
    search: 'given instanceof ArrayObject ? given.elements : [given]',
    replace: 'given instanceof ArrayObject ? given.elements.slice(0, 1) : [given]',
  },
  {
    about: 'hook files of autoload count for the folders below without cascadeHooks',
    file: autoload,
    search: "isOn(interpreter, settings, 'autoHooks') && isOn(interpreter, settings, 'cascadeHooks') ? hooks : []",
    replace: 'hooks',
  },
  {
    about: 'hook files of autoload never count for the folders below',
    file: autoload,
    search: "isOn(interpreter, settings, 'autoHooks') && isOn(interpreter, settings, 'cascadeHooks') ? hooks : []",
    replace: '[]',
  },
  {
    about: 'maxDepth of autoload is not read',
    file: autoload,
    search: "settings.maxDepth > at.depth",
    replace: 'settings.maxDepth > -1',
  },
  {
    about: 'what an onRoute hook under a switch writes is there always',
    file: 'frameworks/fastify/routes.ts',
    search: 'if (conditions.length === 0) run();',
    replace: 'if (conditions.length >= 0) run();',
  },
  {
    about: 'a route without config has none',
    file: 'frameworks/fastify/request.ts',
    search: "key === 'config' && given instanceof Primitive ? config : given",
    replace: 'given',
  },
  {
    about: 'ignorePattern of autoload is not read',
    file: autoload,
    search: "ignored: patternIn(interpreter, options, 'ignorePattern', site)",
    replace: 'ignored: undefined',
  },
]);
