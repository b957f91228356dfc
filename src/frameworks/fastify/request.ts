import type { Catalogue } from '../../guards/catalogue/index.ts';
import { clientValue, namesIdentity } from '../../guards/request/anonymous.ts';
import { createRequest, type RequestFacts } from '../../guards/request/request.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ABSENT } from '../../interpreter/labels.ts';
import { ObservedText } from '../../interpreter/observation/observed.ts';
import { type Behaviour, External, HeapObject, ModelObject, Primitive, type Site, UNDEFINED, type Value, isCallable, labelsOf, withLabels } from '../../interpreter/values.ts';
import type { RouteFacts } from './route-facts.ts';

/** Node's request, which middleware gets. */
export function createRawRequest(interpreter: Interpreter, facts: RequestFacts): ModelObject {
  return createRequest(interpreter, 'node.request', facts, (_self, key) => (key === 'url' ? ObservedText.named(key, facts.originalUrl, facts.reads) : undefined));
}

/** The request with what Fastify adds to Node's, and with the decorations of the route's scope. */
export function createFastifyRequest(interpreter: Interpreter, facts: RequestFacts, { routes, raw }: { readonly routes: RouteFacts; readonly raw: ModelObject }, decorations: Catalogue['requestDecoration']): ModelObject {
  const routeOptions = createRouteOptions(interpreter, facts, routes);
  return createRequest(interpreter, 'fastify.request', facts, (self, key, site) => {
    const decoration = routes.decoration('requestMembers', key, facts.reads);
    if (decoration) return decorated(interpreter, decoration, self, key, facts, site);
    switch (key) {
      case 'raw': case 'req': return raw;
      case 'server': return routes.current.scope.instance;
      case 'url': return ObservedText.named(key, facts.originalUrl, facts.reads);
      case 'routeOptions': case 'context': return routeOptions;
      case 'routeConfig': return interpreter.get(routeOptions, 'config', site);
      case 'routerPath': return interpreter.get(routeOptions, 'url', site);
      case 'routerMethod': return ObservedText.named(key, facts.method, facts.reads);
      case 'is404': return new Primitive(false);
      case 'getDecorator': return interpreter.native(key, ({ args }) => interpreter.get(self, interpreter.toText(args[0] ?? UNDEFINED)?.text ?? '', site));
      case 'setDecorator': return interpreter.native(key, ({ args }) => {
        const name = interpreter.toText(args[0] ?? UNDEFINED);
        if (name) interpreter.set(self, name.text, args[1] ?? UNDEFINED, site);
        return UNDEFINED;
      });
      case 'unsignCookie': return interpreter.native(key, ({ args, site: at }) => unsigned(interpreter, args[0] ?? UNDEFINED, at));
      default: return decorations(key);
    }
  });
}

/** What every route has as `config`: where it is served. */
function createConfig(interpreter: Interpreter, facts: RequestFacts, routes: RouteFacts): ModelObject {
  const behaviour: Behaviour = {
    name: 'fastify.route config',
    get(_interpreter, _self, key) {
      if (key !== 'url' && key !== 'method') return undefined;
      return key === 'url' ? ObservedText.named('route.url', routes.current.path, facts.reads) : ObservedText.named(key, facts.method, facts.reads);
    },
  };
  return new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined);
}

/** `request.routeOptions`: what the route that the request is for was registered with. */
function createRouteOptions(interpreter: Interpreter, facts: RequestFacts, routes: RouteFacts): ModelObject {
  const config = createConfig(interpreter, facts, routes);
  const behaviour: Behaviour = {
    name: 'fastify.route options',
    get(_interpreter, self, key, site) {
      if (self.properties.has(key)) return undefined;
      const { current } = routes;
      switch (key) {
        case 'url': return ObservedText.named('route.url', current.path, facts.reads);
        case 'method': return ObservedText.named('method', facts.method, facts.reads);
        case 'config': case 'schema': {
          facts.reads.add(`route.${key}`);
          const given = interpreter.get(current.options, key, site);
          return key === 'config' && given instanceof Primitive ? config : given;
        }
        default: return undefined;
      }
    },
  };
  const routeOptions = new ModelObject(interpreter.realm.objectPrototype, behaviour, undefined);
  routeOptions.open = 'an option of the route that is not modelled';
  return routeOptions;
}

/** A decoration is a value, a method or `{ getter }`; one that holds nothing yet stands for what a guard is to put there. */
function decorated(interpreter: Interpreter, value: Value, self: ModelObject, key: string, facts: RequestFacts, site: Site): Value {
  const getter = value instanceof HeapObject && !isCallable(value) ? value.properties.get('getter') : undefined;
  if (getter && getter.kind === 'object' && isCallable(getter)) return interpreter.call(getter, self, [], site);
  const isEmpty = value instanceof Primitive && (value.value === null || value.value === undefined || value.value === '');
  if (!isEmpty || !namesIdentity(key)) return value instanceof External ? value : interpreter.settle(value);
  return facts.question === 'anonymous' ? withLabels(value, ABSENT) : clientValue(`req.${key}`, site);
}

/** A signature that is missing or made up does not hold. */
function unsigned(interpreter: Interpreter, cookie: Value, site: Site): Value {
  if ((labelsOf(cookie) & ABSENT) === 0) return interpreter.unknown('a cookie whose signature is checked', site);
  const result = interpreter.object([['valid', withLabels(new Primitive(false), ABSENT)], ['renew', withLabels(new Primitive(false), ABSENT)], ['value', withLabels(new Primitive(null), ABSENT)]]);
  result.labels = ABSENT;
  return result;
}
