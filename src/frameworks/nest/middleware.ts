import type { Interpreter } from '../../interpreter/interpreter.ts';
import { decorate } from '../../interpreter/evaluation/decorators.ts';
import { BoundFunction, ClassObject, type Condition, FunctionObject, HeapObject, ModelObject, NativeFunction, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { handlersOf } from '../handlers.ts';
import { type ExpressMajor, joinPaths } from '../express/paths.ts';
import type { ApplicationState } from './application.ts';
import { handlerMethods, registeredPaths } from './controllers.ts';
import type { Injector } from './injector.ts';
import { PATH } from './keys.ts';
import type { ModuleRecord } from './modules.ts';
import { matcherOf, routeInfo, routerMajor } from './paths.ts';

/** Functions that a module puts before routes: `consumer.apply(…).exclude(…).forRoutes(…)`. */
export interface MiddlewareRule {
  readonly functions: readonly { readonly value: Value; readonly name: string; readonly conditions: readonly Condition[] }[];
  readonly routes: readonly RouteTest[];
  readonly excludes: readonly RouteTest[];
  readonly conditions: readonly Condition[];
  readonly site: Site;
}

interface RouteTest {
  readonly path: string;
  readonly method: string;
}

/** Runs the `configure` of every module. */
export function middlewareOf(interpreter: Interpreter, modules: readonly ModuleRecord[], injector: Injector): MiddlewareRule[] {
  const rules: MiddlewareRule[] = [];
  for (const module of modules) {
    if (!(module.type instanceof ClassObject)) continue;
    const site = module.type.site as Site;
    const configure = interpreter.get(module.type.instances, 'configure', site);
    if (!(configure instanceof FunctionObject)) continue;
    const instance = injector.instanceOf(module.type, module, site);
    interpreter.underConditions(module.conditions, () => interpreter.call(configure, instance, [createConsumer(interpreter, rules, module, injector)], site));
  }
  return rules;
}

function createConsumer(interpreter: Interpreter, rules: MiddlewareRule[], module: ModuleRecord, injector: Injector): ModelObject {
  const consumer: ModelObject = new ModelObject(interpreter.realm.objectPrototype, {
    name: 'nest.consumer',
    get: (_interpreter, _self, key) => (key === 'apply' ? interpreter.native('apply', ({ args, site }) => chain(args, [], site)) : undefined),
  }, undefined);
  const chain = (applied: readonly Value[], excludes: readonly RouteTest[], site: Site): Value => interpreter.object([
    ['exclude', interpreter.native('exclude', (call) => chain(applied, [...excludes, ...routeTests(interpreter, call.args, call.site)], site))],
    ['forRoutes', interpreter.native('forRoutes', (call) => {
      const conditions = [...interpreter.conditions];
      const functions = handlersOf(interpreter, applied).map((h) => ({ ...functionOf(interpreter, h.value, module, injector, site), conditions: h.conditions }));
      rules.push({ functions, routes: routeTests(interpreter, call.args, call.site), excludes, conditions, site });
      return consumer;
    })],
  ]);
  return consumer;
}

/** A class with `use`, or a function. */
function functionOf(interpreter: Interpreter, value: Value, module: ModuleRecord, injector: Injector, site: Site): { value: Value; name: string } {
  if (!(value instanceof ClassObject || value instanceof NativeFunction)) return { value, name: value instanceof FunctionObject ? value.name : '' };
  if (value instanceof NativeFunction) return { value, name: value.name };
  const instance = injector.instanceOf(value, module, site);
  const use = interpreter.get(instance, 'use', site);
  return { value: new BoundFunction(interpreter.realm.functionPrototype, use, instance, []), name: value.name };
}

function routeTests(interpreter: Interpreter, args: readonly Value[], site: Site): RouteTest[] {
  return handlersOfRoutes(interpreter, args, site).flatMap((value): RouteTest[] => {
    // forRoutes(CatsController): its routes, not all that begins like them
    if (value instanceof ClassObject) {
      decorate(interpreter, value);
      interpreter.reads.note(value);
      const own = interpreter.metadata.find(value, undefined, PATH)?.value ?? UNDEFINED;
      return registeredPaths(interpreter, own, site).flatMap((outer) => handlerMethods(interpreter, value).flatMap((method) => (
        method.paths.map((inner) => ({ path: joinPaths([outer.pattern, inner.pattern]), method: method.method }))
      )));
    }
    const { path, method } = routeInfo(interpreter, value, site);
    return path === undefined ? [] : [{ path, method }];
  });
}

function handlersOfRoutes(interpreter: Interpreter, args: readonly Value[], site: Site): readonly Value[] {
  return args.flatMap((value) => (value instanceof HeapObject && 'elements' in value ? interpreter.iterate(value, site).elements : [interpreter.settle(value)]));
}

/** Whether a rule covers a request; `url` is without the global prefix where the endpoint is not excluded from it. */
export function covers(rule: MiddlewareRule, state: ApplicationState, url: string, method: string): boolean {
  const major = routerMajor(state);
  return rule.routes.some((route) => isMatch(route, url, method, major, 'below')) && !rule.excludes.some((route) => isMatch(route, url, method, major, 'whole'));
}

function isMatch(route: RouteTest, url: string, method: string, major: ExpressMajor, reach: 'whole' | 'below'): boolean {
  if (route.method !== 'ALL' && route.method !== method && method !== 'ALL') return false;
  const end = route.method === 'ALL' ? reach : 'whole';
  return matcherOf(route.path, major, end)?.match(url) !== undefined;
}
