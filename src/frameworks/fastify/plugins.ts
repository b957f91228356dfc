import type { Catalogue } from '../../guards/catalogue/index.ts';
import type { Judge } from '../../guards/judge.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Condition, External, HeapObject, Primitive, PromiseObject, type Site, type Slot, UNDEFINED, Union, Unknown, type Value, isCallable } from '../../interpreter/values.ts';
import { autoload } from './autoload.ts';
import { hookIn } from './hook-option.ts';
import { runAsCause } from './causes.ts';
import { limiterFactory, limitRoutes } from './limits.ts';
import { load, loadEncapsulated } from './loading.ts';
import { addHook, createChildScope } from './scopes.ts';
import { mountTerminal } from './terminals.ts';
import { type ApplicationState, type Scope, SKIP_OVERRIDE } from './state.ts';
import { textsOf } from './texts.ts';

/** Loads what `register` was given. */
export interface Plugins {
  load(parent: Scope, plugin: Value, options: Value, site: Site): void;
  usesMiddleware(application: ApplicationState): boolean;
}

/** Packages that add `use(path, middleware)`. */
const MIDDLEWARE_PACKAGES: ReadonlySet<string> = new Set(['@fastify/express', '@fastify/middie', 'fastify-express', 'middie']);
const AUTOLOAD_PACKAGES: ReadonlySet<string> = new Set(['@fastify/autoload', 'fastify-autoload']);

export function createPlugins(interpreter: Interpreter, judge: Judge, decorations: Catalogue['decorations']): Plugins {
  const withMiddleware = new WeakSet<ApplicationState>();

  const loadValue = (parent: Scope, plugin: Value, options: Value, site: Site): void => {
    const settled = interpreter.settle(plugin);
    if (settled.kind === 'union') {
      for (const option of settled.options) {
        if (option.value && interpreter.isPossible(option.conditions)) interpreter.underConditions(option.conditions, () => loadValue(parent, option.value as Value, options, site));
      }
    } else if (settled instanceof PromiseObject) loadValue(parent, settled.result, options, site);
    else if (settled instanceof External) loadPackage(parent, settled, optionsFor(parent, options, site), site);
    else if (settled instanceof Unknown) {
      // Code of the project that could not be followed may add a guard.
      if (settled.unfollowed || settled.unloaded) addHook(parent, 'onRequest', { handler: { value: settled, conditions: [...interpreter.conditions] }, site });
    } else if (isCallable(settled)) loadFunction(parent, settled as HeapObject, optionsFor(parent, options, site), site);
    else if (settled instanceof HeapObject) {
      // register(import('./routes.js')), register(require('./routes'))
      const inner = interpreter.get(settled, 'default', site);
      if (inner.kind !== 'primitive') loadValue(parent, inner, options, site);
    }
  };

  /** register(plugin, (parent) => ({ … })) */
  const optionsFor = (parent: Scope, options: Value, site: Site): Value =>
    isCallable(options) ? interpreter.awaitValue(interpreter.call(options, UNDEFINED, [parent.instance], site), site) : options instanceof Primitive ? interpreter.object() : options;

  const loadFunction = (parent: Scope, plugin: HeapObject, options: Value, site: Site): void => {
    const skips = interpreter.get(plugin, SKIP_OVERRIDE, site);
    const isShared = skips instanceof Primitive && Boolean(skips.value);
    const prefixes = isShared ? [] : textsOf(interpreter, interpreter.get(options, 'prefix', site));
    for (const { text, conditions } of prefixes.length > 0 ? prefixes : [{ text: '', conditions: [] }]) {
      interpreter.underConditions(conditions, () => {
        const scope = isShared ? parent : createChildScope(interpreter, parent, text);
        const done = interpreter.native('done', () => UNDEFINED);
        const run = (): unknown => interpreter.call(plugin, UNDEFINED, [scope.instance, options, done], site);
        runAsCause(interpreter, scope.application, plugin, site, () => (isShared ? load(scope.application, scope, run) : loadEncapsulated(interpreter, scope, options, site, run)));
      });
    }
  };

  const loadPackage = (parent: Scope, plugin: External, options: Value, site: Site): void => {
    if (AUTOLOAD_PACKAGES.has(plugin.package)) {
      autoload(interpreter, parent, options, site, (scope, value, given) => loadValue(scope, value, given, site));
      return;
    }
    if (MIDDLEWARE_PACKAGES.has(plugin.package)) withMiddleware.add(parent.application);
    const rows = decorations(plugin.package);
    decorate(interpreter, parent, plugin, options, rows, site);
    // fastify.register(require('@fastify/bearer-auth'), { keys })
    const registered = new External({ step: 'call', package: plugin.package, subpath: plugin.subpath, base: asModule(plugin), args: [options], site });
    const judgement = judge.known(registered) ?? judge.known(new External({ step: 'call', package: plugin.package, subpath: plugin.subpath, base: plugin, args: [options], site }));
    if (!judgement) {
      if (rows.length === 0) parent.application.opaquePackage ??= plugin.package;
      return;
    }
    const { row, row: { role } } = judgement;
    if (role === 'limiter') limitRoutes(interpreter, parent, registered, judgement, options, site);
    else if (role === 'guard' && judgement.applies !== 'no') addHook(parent, hookIn(interpreter, options, 'addHook', site), { handler: { value: registered, conditions: [...interpreter.conditions] }, site });
    else if (row.role === 'terminal' && judgement.applies !== 'no') mountTerminal(interpreter, parent, registered, row, options, site);
  };

  return { load: loadValue, usesMiddleware: (application) => withMiddleware.has(application) };
}

/** Plugins are exported under several names; all stand for the module itself. */
function asModule(plugin: External): External {
  return plugin.step === 'import' ? new External({ step: 'import', package: plugin.package, subpath: plugin.subpath, name: 'default', site: plugin.site }) : plugin;
}

/** Members that a package is known to give, under the names that its options choose. */
function decorate(interpreter: Interpreter, scope: Scope, plugin: External, options: Value, rows: ReturnType<Catalogue['decorations']>, site: Site): void {
  const namespace = options instanceof HeapObject ? interpreter.get(options, 'namespace', site) : UNDEFINED;
  for (const { decorates, export: exported, role } of rows) {
    if (!decorates) continue;
    for (const path of typeof exported === 'string' ? [exported] : exported) {
      const member = /^[^.(]*/.exec(path)?.[0] ?? path;
      const value = new External({ step: 'get', package: plugin.package, subpath: `#${decorates}`, name: member, base: new External({ step: 'import', package: plugin.package, subpath: `#${decorates}`, name: 'default', site }), args: [options], site });
      for (const name of namesOf(interpreter, member, namespace, options, site)) {
        if (role === 'limiter' && decorates === 'instance') decorateWithLimiter(interpreter, scope.instance, name, limiterFactory(interpreter, value, options));
        else if (decorates === 'instance') interpreter.heap.setProperty(scope.instance, name, value);
        else scope[decorates === 'request' ? 'requestMembers' : 'replyMembers'].set(name, value);
      }
    }
  }
}

/** @fastify/rate-limit leaves what a plugin around it has put there: where that stands under a switch, it puts its own beside it. */
function decorateWithLimiter(interpreter: Interpreter, instance: HeapObject, name: string, limiter: Value): void {
  const before = held(instance, name);
  if (before !== undefined && !(before instanceof Union)) return;
  const now = [...interpreter.conditions];
  const earlier = before?.options ?? [];
  // Beside what stands under a switch there is already what stands without it.
  if (earlier.length > 1) return;
  if (earlier.some(({ conditions }) => conditions.every((one) => now.some((other) => other.key === one.key && other.branch === one.branch)))) return;
  interpreter.heap.setProperty(instance, name, earlier.length === 0 && now.length === 0 ? limiter : new Union([...earlier, ...besides(earlier[0]?.conditions).map((conditions) => ({ conditions: [...now, ...conditions], value: limiter }))]));
}

/** The ways in which not all of the conditions hold. */
function besides(conditions: readonly Condition[] | undefined): readonly (readonly Condition[])[] {
  return conditions?.map((condition, index) => [...conditions.slice(0, index), { ...condition, branch: condition.branch === 'true' ? 'false' : 'true' }]) ?? [[]];
}

function held(instance: HeapObject, name: string): Slot | undefined {
  for (let holder: HeapObject | null = instance; holder; holder = holder.prototype) {
    const slot = holder.properties.get(name);
    if (slot) return slot;
  }
  return undefined;
}

/** `{ namespace: 'admin' }` makes `adminJwtVerify` of `jwtVerify`; `{ jwtVerify: 'check' }` makes `check`. */
function namesOf(interpreter: Interpreter, member: string, namespace: Value, options: Value, site: Site): string[] {
  const renamed = options instanceof HeapObject ? interpreter.get(options, member, site) : UNDEFINED;
  if (renamed instanceof Primitive && typeof renamed.value === 'string') return [renamed.value];
  if (namespace instanceof Primitive && typeof namespace.value === 'string') return [member, namespace.value, namespace.value + member.charAt(0).toUpperCase() + member.slice(1)];
  return [member];
}
