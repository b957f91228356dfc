import { decorate } from '../../interpreter/evaluation/decorators.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { identityOf } from '../../interpreter/text.ts';
import { ArrayObject, ClassObject, type Condition, External, HeapObject, NativeFunction, Primitive, PromiseObject, type Site, TRUE, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';
import { type Handler, handlersOf } from '../handlers.ts';
import type { MODULE_FIELDS } from './keys.ts';
import { GLOBAL_MODULE } from './keys.ts';

export interface Provider {
  readonly token: unknown;
  readonly kind: 'class' | 'value' | 'factory' | 'existing';
  /** The class, the value, the factory or the other token. */
  readonly subject: Value;
  readonly inject: readonly Value[];
  readonly module: ModuleRecord;
  readonly conditions: readonly Condition[];
}

/** One module of an application; a dynamic one for each call that made it. */
export interface ModuleRecord {
  readonly type: HeapObject;
  readonly imports: ModuleRecord[];
  readonly providers: Provider[];
  readonly controllers: Handler[];
  isGlobal: boolean;
  conditions: readonly Condition[];
}

export interface ModuleGraph {
  /** In the order in which Nest scans them: what imports stands before what it imports. */
  readonly modules: readonly ModuleRecord[];
  /** Path prefixes that `RouterModule` gives to modules. */
  readonly paths: ReadonlyMap<HeapObject, Value>;
}

/** Collects the modules that hang on the root. Packages' own modules are left out. */
export function scanModules(interpreter: Interpreter, root: Value, site: Site): ModuleGraph {
  const modules: ModuleRecord[] = [];
  const paths = new Map<HeapObject, Value>();
  const known = new Map<HeapObject, ModuleRecord>();

  const visit = ({ value, conditions }: Handler, parent: ModuleRecord | undefined): void => {
    const given = unwrap(interpreter, value, site);
    if (given.kind === 'union') {
      for (const handler of handlersOf(interpreter, [given], conditions)) visit(handler, parent);
      return;
    }
    if (!(given instanceof HeapObject)) return;
    const dynamic = isModuleClass(given) ? undefined : given;
    const type = dynamic ? unwrap(interpreter, interpreter.get(dynamic, 'module', site), site) : given;
    if (dynamic) readRoutes(interpreter, dynamic, site, paths);
    if (!(type instanceof HeapObject)) return;
    const seen = known.get(given);
    if (seen) {
      if (conditions.length < seen.conditions.length) seen.conditions = conditions;
      if (parent && !parent.imports.includes(seen)) parent.imports.push(seen);
      return;
    }
    const record: ModuleRecord = { type, imports: [], providers: [], controllers: [], isGlobal: false, conditions };
    known.set(given, record);
    modules.push(record);
    parent?.imports.push(record);
    if (type instanceof ClassObject) decorate(interpreter, type);
    const { metadata } = interpreter;
    record.isGlobal = metadata.own(type, undefined, GLOBAL_MODULE) !== undefined || (dynamic !== undefined && isTrue(interpreter.get(dynamic, 'global', site)));
    const listed = (field: (typeof MODULE_FIELDS)[number]): Handler[] => [metadata.find(type, undefined, field)?.value, dynamic && interpreter.get(dynamic, field, site)]
      .flatMap((list) => (list ? handlersOf(interpreter, [unwrap(interpreter, list, site)]) : []));
    for (const provider of listed('providers')) record.providers.push(...providerOf(interpreter, provider, record, site));
    record.controllers.push(...listed('controllers'));
    for (const handler of listed('imports')) visit({ value: handler.value, conditions: [...conditions, ...handler.conditions] }, record);
  };

  visit({ value: root, conditions: [] }, undefined);
  return { modules, paths };
}

/** Promises and forward references give what they stand for. */
export function unwrap(interpreter: Interpreter, value: Value, site: Site): Value {
  const settled = interpreter.settle(value);
  if (settled instanceof PromiseObject) return settled.state === 'fulfilled' ? unwrap(interpreter, settled.result, site) : UNDEFINED;
  if (settled instanceof HeapObject && !isCallable(settled)) {
    const forward = settled.properties.get('forwardRef');
    if (forward && forward.kind !== 'accessor') return unwrap(interpreter, interpreter.call(forward, UNDEFINED, [], site), site);
  }
  return settled;
}

/** Equal for tokens that Nest takes for one. */
export function tokenKey(interpreter: Interpreter, token: Value, site: Site): unknown {
  const given = unwrap(interpreter, token, site);
  if (given instanceof Primitive) return given.value;
  if (given instanceof HeapObject) return given;
  return given instanceof External ? `package ${identityOf(given) ?? ''}` : given;
}

function isModuleClass(value: HeapObject): boolean {
  return value instanceof ClassObject || value instanceof NativeFunction;
}

function isTrue(value: Value): boolean {
  return value instanceof Primitive && value.value === TRUE.value;
}

function providerOf(interpreter: Interpreter, { value, conditions }: Handler, module: ModuleRecord, site: Site): Provider[] {
  const given = unwrap(interpreter, value, site);
  if (given.kind === 'external') return [{ token: tokenKey(interpreter, given, site), kind: 'class', subject: given, inject: [], module, conditions }];
  if (!(given instanceof HeapObject)) return [];
  if (isModuleClass(given)) return [{ token: given, kind: 'class', subject: given, inject: [], module, conditions }];
  const provide = interpreter.get(given, 'provide', site);
  const base = { token: tokenKey(interpreter, provide, site), inject: [], module, conditions };
  for (const [kind, field] of PROVIDER_FIELDS) {
    if (!given.properties.has(field)) continue;
    const subject = interpreter.get(given, field, site);
    const inject = kind === 'factory' ? interpreter.get(given, 'inject', site) : UNDEFINED;
    // useClass: process.env.X ? A : B
    if (subject.kind === 'union') return subject.options.flatMap((o) => (o.value ? [{ ...base, kind, subject: o.value, conditions: [...conditions, ...o.conditions] }] : []));
    return [{ ...base, kind, subject, inject: inject instanceof ArrayObject ? inject.elements : [] }];
  }
  return [];
}

const PROVIDER_FIELDS: readonly (readonly [Provider['kind'], string])[] = [['class', 'useClass'], ['existing', 'useExisting'], ['factory', 'useFactory'], ['value', 'useValue']];

/** RouterModule.register([{ path: 'admin', module: AdminModule, children: [{ path: 'users', module: UsersModule }] }]) */
function readRoutes(interpreter: Interpreter, dynamic: HeapObject, site: Site, paths: Map<HeapObject, Value>): void {
  const routes = dynamic.properties.get(ROUTES);
  if (!routes || routes.kind === 'accessor') return;
  const read = (list: Value, prefix: readonly Value[]): void => {
    for (const route of interpreter.iterate(list, site).elements) {
      if (!(route instanceof HeapObject)) continue;
      if (isModuleClass(route)) {
        if (prefix.length > 0) paths.set(route, interpreter.array(prefix));
        continue;
      }
      const own = interpreter.get(route, 'path', site);
      const all = [...prefix, own];
      const module = unwrap(interpreter, interpreter.get(route, 'module', site), site);
      if (module instanceof HeapObject) paths.set(module, interpreter.array(all));
      read(interpreter.get(route, 'children', site), all);
    }
  };
  read(routes, []);
}

/** Key under which the model of `RouterModule` keeps what it was given. */
export const ROUTES = Symbol('routes of RouterModule');
