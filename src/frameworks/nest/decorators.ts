import type { Interpreter } from '../../interpreter/interpreter.ts';
import { metadataKey } from '../../interpreter/metadata.ts';
import type { NativeFunction} from '../../interpreter/values.ts';
import { ArrayObject, HeapObject, type NativeCall, Primitive, TRUE, UNDEFINED, Union, type Value, isCallable } from '../../interpreter/values.ts';
import { CONTROLLER, GLOBAL_MODULE, GUARDS, HTTP_DECORATORS, INTERCEPTORS, METHOD, MODULE_FIELDS, PATH, REQUEST_METHODS, VERSION } from './keys.ts';
import type { NestStore, Parameter } from './store.ts';

export type Factory = (call: NativeCall) => Value;

/** What an applied decorator does to what it stands above: the method's function, or the class. */
export function decorator(interpreter: Interpreter, name: string, apply: (bearer: HeapObject, call: NativeCall) => void): NativeFunction {
  return interpreter.native(name, (call) => {
    const bearer = bearerOf(call.args);
    if (bearer) apply(bearer, call);
    return UNDEFINED;
  });
}

/** (target, key, descriptor) of a method, (target) of a class */
export function bearerOf(args: readonly Value[]): HeapObject | undefined {
  const [target, , descriptor] = args;
  const value = descriptor instanceof HeapObject ? descriptor.properties.get('value') : undefined;
  if (value instanceof HeapObject) return value;
  return target instanceof HeapObject ? target : undefined;
}

/** Sets metadata; under the conditions that hold, where the program decides between decorators. */
export function setMetadata(interpreter: Interpreter, bearer: HeapObject, key: unknown, value: Value): void {
  const { conditions, metadata } = interpreter;
  if (conditions.length === 0) {
    metadata.define(bearer, undefined, key, value);
    return;
  }
  const before = metadata.find(bearer, undefined, key)?.value ?? UNDEFINED;
  metadata.define(bearer, undefined, key, new Union([{ conditions: [...conditions], value }, { conditions: [], value: before }]));
}

/** Guards and interceptors add up: those of a base class stand first. */
function extendMetadata(interpreter: Interpreter, bearer: HeapObject, key: string, values: readonly Value[]): void {
  const { conditions, metadata } = interpreter;
  const before = metadata.find(bearer, undefined, key)?.value;
  const added = conditions.length === 0 ? values : values.map((value) => new Union([{ conditions: [...conditions], value }]));
  metadata.define(bearer, undefined, key, interpreter.array([...(before instanceof ArrayObject ? before.elements : []), ...added]));
}

const enhancer = (key: string): Factory => ({ interpreter, args }) => decorator(interpreter, key, (bearer) => extendMetadata(interpreter, bearer, key, args));

const harmless: Factory = ({ interpreter }) => interpreter.native('decorator', () => UNDEFINED);

export function metadataDecorator(interpreter: Interpreter, key: Value, value: Value): NativeFunction {
  const made = decorator(interpreter, 'SetMetadata', (bearer) => setMetadata(interpreter, bearer, metadataKey(key), value));
  made.properties.set('KEY', key);
  return made;
}

function setPath(interpreter: Interpreter, bearer: HeapObject, path: Value | undefined, method: Value): void {
  const isEmpty = path === undefined || (path instanceof Primitive && !path.value);
  setMetadata(interpreter, bearer, PATH, isEmpty ? new Primitive('/') : path);
  setMetadata(interpreter, bearer, METHOD, method);
}

function http(method: string): Factory {
  return ({ interpreter, args }) => decorator(interpreter, method, (bearer) => setPath(interpreter, bearer, args[0], new Primitive(method)));
}

/** @RequestMapping({ path: 'x', method: RequestMethod.GET }) */
const requestMapping: Factory = ({ interpreter, args, site }) => decorator(interpreter, 'RequestMapping', (bearer) => {
  const [options] = args;
  const method = options ? interpreter.get(options, 'method', site) : UNDEFINED;
  const name = method instanceof Primitive && typeof method.value === 'number' ? REQUEST_METHODS[method.value] ?? 'GET' : 'GET';
  setPath(interpreter, bearer, options && interpreter.get(options, 'path', site), new Primitive(name));
});

/** @Controller(), @Controller('cats'), @Controller(['a', 'b']), @Controller({ path, version }) */
const controller: Factory = ({ interpreter, args, site }) => decorator(interpreter, 'Controller', (bearer) => {
  const given = args[0] === undefined ? UNDEFINED : interpreter.settle(args[0]);
  const isOptions = given instanceof HeapObject && !(given instanceof ArrayObject);
  const path = isOptions ? interpreter.get(given, 'path', site) : given;
  setMetadata(interpreter, bearer, CONTROLLER, TRUE);
  setMetadata(interpreter, bearer, PATH, path instanceof Primitive && !path.value ? new Primitive('/') : path);
  if (isOptions) setMetadata(interpreter, bearer, VERSION, interpreter.get(given, 'version', site));
});

const moduleDecorator: Factory = ({ interpreter, args, site }) => decorator(interpreter, 'Module', (bearer) => {
  const [metadata] = args;
  for (const field of MODULE_FIELDS) setMetadata(interpreter, bearer, field, metadata ? interpreter.get(metadata, field, site) : UNDEFINED);
});

/** applyDecorators(UseGuards(A), …): the class or the method gets each in the order given. */
const applyDecorators: Factory = ({ interpreter, args }) => interpreter.native('applyDecorators', (call) => {
  for (const given of args) {
    const inner = interpreter.settle(given);
    if (inner.kind === 'external' || inner.kind === 'primitive') continue;
    interpreter.call(inner, UNDEFINED, call.args, call.site);
  }
  return UNDEFINED;
});

export function parameter(store: NestStore, make: (args: readonly Value[]) => Parameter): Factory {
  return ({ interpreter, args }) => interpreter.native('parameter decorator', (call) => {
    store.addParameter(call.args[0], call.args[1], call.args[2], make(args));
    return UNDEFINED;
  });
}

/** A decorator of a parameter that stands for a position of the context, or a member of what stands there: @Args('id') */
export function argument(store: NestStore, index: number): Factory {
  return parameter(store, ([given]) => {
    const name = given instanceof HeapObject && !isCallable(given) ? given.properties.get('name') : given;
    return { kind: 'argument', index, name: name instanceof Primitive && typeof name.value === 'string' ? name : undefined };
  });
}

const part = (store: NestStore, name: string): Factory => parameter(store, ([member]) => ({ kind: 'part', part: name, name: member instanceof Primitive && typeof member.value === 'string' ? member : undefined }));

/** The function decorators of @nestjs/common, by name. */
export function commonDecorators(store: NestStore): ReadonlyMap<string, Factory> {
  const table = new Map<string, Factory>([
    ['Controller', controller],
    ['Module', moduleDecorator],
    ['Global', ({ interpreter }) => decorator(interpreter, 'Global', (bearer) => setMetadata(interpreter, bearer, GLOBAL_MODULE, TRUE))],
    ['UseGuards', enhancer(GUARDS)],
    ['UseInterceptors', enhancer(INTERCEPTORS)],
    ['SetMetadata', ({ interpreter, args }) => metadataDecorator(interpreter, args[0] ?? UNDEFINED, args[1] ?? UNDEFINED)],
    ['applyDecorators', applyDecorators],
    ['RequestMapping', requestMapping],
    ['Version', ({ interpreter, args }) => decorator(interpreter, 'Version', (bearer) => setMetadata(interpreter, bearer, VERSION, args[0] ?? UNDEFINED))],
    ['Sse', http('GET')],
    ['Req', parameter(store, () => ({ kind: 'request' }))],
    ['Request', parameter(store, () => ({ kind: 'request' }))],
    ['Res', parameter(store, () => ({ kind: 'response' }))],
    ['Response', parameter(store, () => ({ kind: 'response' }))],
    ['Next', parameter(store, () => ({ kind: 'next' }))],
    ['Inject', parameter(store, ([token]) => ({ kind: 'inject', token: token ?? UNDEFINED }))],
    ['createParamDecorator', ({ interpreter, args: [factory] }) => interpreter.native('createParamDecorator', ({ args: [data] }) => (
      interpreter.native('parameter decorator', (call) => {
        store.addParameter(call.args[0], call.args[1], call.args[2], { kind: 'custom', factory: factory ?? UNDEFINED, data: data ?? UNDEFINED });
        return UNDEFINED;
      })
    ))],
    ['forwardRef', ({ interpreter, args }) => interpreter.object([['forwardRef', args[0] ?? UNDEFINED]])],
    ['mixin', ({ args }) => args[0] ?? UNDEFINED],
  ]);
  for (const [name, method] of HTTP_DECORATORS) table.set(name, http(method));
  for (const [name, member] of PARTS) table.set(name, part(store, member));
  for (const name of HARMLESS) table.set(name, harmless);
  return table;
}

const PARTS: readonly (readonly [string, string])[] = [
  ['Body', 'body'], ['RawBody', 'rawBody'], ['Query', 'query'], ['Param', 'params'], ['Headers', 'headers'], ['Session', 'session'], ['Ip', 'ip'], ['HostParam', 'hosts'], ['UploadedFile', 'file'], ['UploadedFiles', 'files'],
];

const HARMLESS: readonly string[] = ['Injectable', 'Optional', 'UsePipes', 'UseFilters', 'Catch', 'HttpCode', 'Header', 'Redirect', 'Render', 'Dependencies', 'SerializeOptions'];
