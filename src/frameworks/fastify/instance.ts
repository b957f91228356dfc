import type { Interpreter } from '../../interpreter/interpreter.ts';
import {
  type Behaviour, External, FALSE, FunctionObject, HeapObject, ModelObject, Primitive, type Site, TRUE, UNDEFINED, type Value, isCallable,
} from '../../interpreter/values.ts';
import { handlersOf } from '../handlers.ts';
import { runAsCause } from './causes.ts';
import { current, enqueue, load, loadSoFar } from './loading.ts';
import type { Plugins } from './plugins.ts';
import { registerRoute, registerShorthand } from './routes.ts';
import { addHook, addRegisterHook, scopeOf } from './scopes.ts';
import { BEFORE_HANDLER, type BeforeHandler, type Scope } from './state.ts';
import { textsOf } from './texts.ts';

const VERBS: ReadonlySet<string> = new Set(['get', 'post', 'put', 'patch', 'delete', 'head', 'options', 'trace', 'search', 'propfind', 'proppatch', 'mkcol', 'copy', 'move', 'lock', 'unlock', 'mkcalendar', 'report']);

/** Methods that set something up which says nothing about who gets in, and give the instance back. */
const CHAINABLE: ReadonlySet<string> = new Set([
  'withTypeProvider', 'setErrorHandler', 'setNotFoundHandler', 'setValidatorCompiler', 'setSerializerCompiler', 'setReplySerializer', 'setSchemaController',
  'setSchemaErrorFormatter', 'setGenReqId', 'setChildLoggerFactory', 'addSchema', 'addContentTypeParser', 'removeContentTypeParser', 'removeAllContentTypeParsers',
  'addConstraintStrategy', 'addHttpMethod', 'onClose', 'setDefaultRoute',
]);

/** Members that exist on every instance and that say nothing about routes. */
const OTHER: ReadonlySet<string> = new Set(['log', 'server', 'initialConfig', 'version', 'pluginName', 'listeningOrigin', 'errorHandler', 'genReqId', 'validatorCompiler', 'serializerCompiler']);
const OTHER_METHODS: ReadonlySet<string> = new Set(['close', 'printRoutes', 'printPlugins', 'addresses', 'hasRoute', 'findRoute', 'getSchema', 'getSchemas', 'hasContentTypeParser', 'hasConstraintStrategy', 'getDefaultJsonParser', 'routing', 'hasPlugin', 'getDecorator']);

/** How an instance of Fastify behaves, whichever plugin holds it. */
export function instanceBehaviour(interpreter: Interpreter, plugins: Plugins): Behaviour {
  return {
    name: 'fastify.instance',
    get(_, self, key) {
      if (typeof key !== 'string' || self.properties.has(key)) return undefined;
      const scope = scopeOf(self) as Scope;
      const known = scope.members.get(key);
      if (known) return known;
      if (key === 'prefix') return new Primitive(scope.prefix);
      const implementation = implementationOf(scope, key, plugins);
      if (implementation) {
        const created = interpreter.native(key, ({ args, site, receiver }) => {
          // A registration while a request is served says nothing about this request.
          if (interpreter.choosing && !READS.has(key)) return self;
          return implementation(interpreter, args, site, scopeOf(receiver) ?? scope);
        });
        scope.members.set(key, created);
        return created;
      }
      if (OTHER.has(key)) return interpreter.unknown(`what Fastify has as ${key}`, undefined, 0, `fastify.${key}`);
      if (OTHER_METHODS.has(key)) return interpreter.native(key, ({ site }) => interpreter.unknown(`what ${key}() gives`, site, 0, `fastify.${key}()`));
      return promiseMember(interpreter, scope, key) ?? (scope.parent ? undefined : decoratedElsewhere(scope, key));
    },
    await(_, self) {
      loadSoFar((scopeOf(self) as Scope).application);
      return self;
    },
  };
}

const READS: ReadonlySet<string> = new Set(['hasDecorator', 'hasRequestDecorator', 'hasReplyDecorator']);

/** A member that code outside the project may have put there. */
function decoratedElsewhere(scope: Scope, key: string): Value | undefined {
  if (key === 'constructor') return undefined;
  const name = scope.application.opaquePackage ?? 'fastify';
  return new External({ step: 'get', package: name, name: key, base: new External({ step: 'import', package: name, name: 'default' }), site: scope.application.site });
}

type Implementation = (interpreter: Interpreter, args: readonly Value[], site: Site, scope: Scope) => Value;

function implementationOf(owner: Scope, key: string, plugins: Plugins): Implementation | undefined {
  if (VERBS.has(key)) return (interpreter, args, site, scope) => registerShorthand(interpreter, scope, [key.toUpperCase()], args, site);
  if (CHAINABLE.has(key)) return (_, __, ___, scope) => scope.instance;
  switch (key) {
    case 'all': return (interpreter, args, site, scope) => registerShorthand(interpreter, scope, ['ALL'], args, site);
    case 'route': return (interpreter, args, site, scope) => registerRoute(interpreter, scope, args[0] ?? UNDEFINED, site);
    case 'register': return (interpreter, args, site, scope) => {
      enqueue(interpreter, scope.application, () => plugins.load(current(scope.application).scope, args[0] ?? UNDEFINED, args[1] ?? UNDEFINED, site));
      return scope.instance;
    };
    case 'addHook': return registerHook;
    case 'decorate': return (interpreter, args, site, scope) => {
      const name = args[0] && interpreter.toText(args[0]);
      if (name) interpreter.heap.setProperty(scope.instance, name.text, decorated(interpreter, args[1] ?? UNDEFINED, site));
      return scope.instance;
    };
    case 'decorateRequest': return decorateMessages('requestMembers');
    case 'decorateReply': return decorateMessages('replyMembers');
    case 'hasDecorator': return (interpreter, args, _site, scope) => {
      const name = args[0] && interpreter.toText(args[0]);
      for (let holder: HeapObject | null = scope.instance; name && holder; holder = holder.prototype) if (holder.properties.has(name.text)) return TRUE;
      return FALSE;
    };
    case 'hasRequestDecorator': return hasMessageDecoration('requestMembers');
    case 'hasReplyDecorator': return hasMessageDecoration('replyMembers');
    case 'after': return after;
    case 'ready': return boot;
    case 'listen': return (interpreter, args, site, scope) => {
      scope.application.listens = true;
      return boot(interpreter, args, site, scope);
    };
    case 'inject': return (interpreter, _args, site, { application }) => {
      application.isInjected ||= application.site.module === site.module;
      return interpreter.unknown('what inject() gives', site, 0, 'fastify.inject()');
    };
    case 'use': return plugins.usesMiddleware(owner.application) ? useMiddleware : undefined;
    default: return undefined;
  }
}

/** `decorate('x', { getter() { … } })` */
function decorated(interpreter: Interpreter, value: Value, site: Site): Value {
  const getter = value instanceof HeapObject && !isCallable(value) ? value.properties.get('getter') : undefined;
  return getter && getter.kind === 'object' && isCallable(getter) ? interpreter.call(getter, UNDEFINED, [], site) : value;
}

function decorateMessages(kind: 'requestMembers' | 'replyMembers'): Implementation {
  return (interpreter, args, _site, scope) => {
    const name = args[0] && interpreter.toText(args[0]);
    if (name) scope[kind].set(name.text, args[1] ?? UNDEFINED);
    return scope.instance;
  };
}

function hasMessageDecoration(kind: 'requestMembers' | 'replyMembers'): Implementation {
  return (interpreter, args, _site, scope) => {
    const name = args[0] && interpreter.toText(args[0]);
    for (let holder: Scope | undefined = scope; name && holder; holder = holder.parent) if (holder[kind].has(name.text)) return TRUE;
    return FALSE;
  };
}

function registerHook(interpreter: Interpreter, args: readonly Value[], site: Site, scope: Scope): Value {
  const [names, value] = args;
  if (!names || !value) return scope.instance;
  for (const { text: name, conditions } of textsOf(interpreter, names)) {
    const handlers = handlersOf(interpreter, [value], [...interpreter.conditions, ...conditions]);
    const { cause } = scope.application;
    if (name === 'onRoute') scope.onRoute.push(...handlers.map((handler) => ({ handler, site, cause })));
    if (name === 'onRegister') enqueue(interpreter, scope.application, () => handlers.forEach((handler) => addRegisterHook(scope, { handler, site })));
    // Takes its place behind the hooks of plugins that were registered before.
    if (isBeforeHandler(name)) enqueue(interpreter, scope.application, () => handlers.forEach((handler) => addHook(scope, name, { handler, site })));
  }
  return scope.instance;
}

function isBeforeHandler(name: string): name is BeforeHandler {
  return (BEFORE_HANDLER as readonly string[]).includes(name);
}

/** app.use('/admin', middleware), with @fastify/middie or @fastify/express */
function useMiddleware(interpreter: Interpreter, args: readonly Value[], site: Site, scope: Scope): Value {
  const [first, ...rest] = args;
  if (!first) return scope.instance;
  const paths = rest.length > 0 ? (first instanceof HeapObject && 'elements' in first ? interpreter.iterate(first, site).elements : [first]).flatMap((path) => textsOf(interpreter, path)) : [{ text: '', conditions: [] }];
  for (const handler of handlersOf(interpreter, rest.length > 0 ? rest : args, interpreter.conditions)) {
    for (const { text, conditions } of paths) {
      const hook = { handler: { ...handler, conditions: [...handler.conditions, ...conditions] }, site, middleware: { path: scope.prefix + text } };
      enqueue(interpreter, scope.application, () => addHook(scope, 'onRequest', hook));
    }
  }
  return scope.instance;
}

/** after(), after((error, instance, done) => …): when what is registered so far is loaded. */
function after(interpreter: Interpreter, args: readonly Value[], site: Site, scope: Scope): Value {
  const [callback] = args;
  const { application } = scope;
  if (callback) {
    enqueue(interpreter, application, () => {
      const { scope: inner } = current(application);
      load(application, inner, () => callWithError(interpreter, callback, inner, site));
    });
  }
  return scope.instance;
}

/** Callbacks get an error first, and the instance where they ask for more. */
function callWithError(interpreter: Interpreter, callback: Value, scope: Scope, site: Site): void {
  const count = callback instanceof FunctionObject ? callback.node.params.length : 0;
  const done = interpreter.native('done', () => UNDEFINED);
  runAsCause(interpreter, scope.application, callback, site, () => interpreter.call(callback, scope.instance, count > 2 ? [UNDEFINED, scope.instance, done] : [UNDEFINED, done], site));
}

/** ready(), listen({ port }, callback): what is registered is loaded when the program waits for it, and at the latest when all its modules have run. */
function boot(interpreter: Interpreter, args: readonly Value[], site: Site, scope: Scope): Value {
  const { application } = scope;
  const callback = args.findLast((a) => isCallable(a));
  if (callback) {
    enqueue(interpreter, application, () => callWithError(interpreter, callback, scope, site));
    return UNDEFINED;
  }
  const behaviour: Behaviour = {
    name: 'fastify.boot',
    get: (_, __, key) => promiseMember(interpreter, scope, key),
    await: () => {
      loadSoFar(application);
      return scope.instance;
    },
  };
  return new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined, site);
}

/** app.ready().then(…), app.register(plugin).then(…) */
function promiseMember(interpreter: Interpreter, scope: Scope, key: PropertyKey): Value | undefined {
  if (key !== 'then' && key !== 'catch' && key !== 'finally') return undefined;
  return interpreter.native(key, ({ args, site }) => {
    if (key === 'then') loadSoFar(scope.application);
    const promise = interpreter.promise('fulfilled', scope.instance, site);
    return interpreter.call(interpreter.get(promise, key, site), promise, args, site);
  });
}
