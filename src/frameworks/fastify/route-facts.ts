import { paramValue } from '../../guards/request/request.ts';
import type { Stage } from '../../guards/request-run.ts';
import { Subjects } from '../../guards/subjects.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { Observations } from '../../interpreter/observation/observed.ts';
import { FunctionObject, type HeapObject, type ModelObject, type Value } from '../../interpreter/values.ts';
import { decorationOf } from './scopes.ts';
import type { ApplicationState, RegisteredRoute, Scope } from './state.ts';
import { parameterNames } from './texts.ts';

type Members = 'requestMembers' | 'replyMembers';

/** Stands on the request for the route that its parameters are of. */
const PARAMS_OF = Symbol('parameters of the route');

/** Places of the request that are set for each route anew. */
export const ROUTE_PLACES: ReadonlySet<PropertyKey> = new Set(['params', PARAMS_OF]);

/** What the routes of one application tell the functions on the way, and in what they differ. */
export class RouteFacts {
  private readonly application: ApplicationState;
  private readonly subjects = new Subjects();
  private readonly params = new Map<RegisteredRoute, HeapObject>();
  private readonly numbers = new Map<Scope, number>();
  private readonly decorated = new Map<Members, ReadonlySet<string>>();
  private entered: RegisteredRoute | undefined;

  constructor(application: ApplicationState) {
    this.application = application;
  }

  /** The route that the running step runs for. */
  get current(): RegisteredRoute {
    return this.entered as RegisteredRoute;
  }

  /** Before a function runs for the route. */
  enter(interpreter: Interpreter, request: ModelObject, route: RegisteredRoute): void {
    this.entered = route;
    let params = this.params.get(route);
    if (!params) this.params.set(route, params = interpreter.object(parameterNames(route.path).map((name) => [name, paramValue(name)])));
    if (request.properties.get(PARAMS_OF) === params) return;
    interpreter.heap.setProperty(request, PARAMS_OF, params);
    interpreter.heap.setProperty(request, 'params', params);
  }

  /** What `decorateRequest` or `decorateReply` gave in the scope of the route or around it. */
  decoration(kind: Members, name: string, reads: Observations): Value | undefined {
    if (!this.namesOf(kind).has(name)) return undefined;
    reads.add(`${kind} ${name}`);
    return decorationOf(this.current.scope, kind, name);
  }

  /** The same for functions that do the same, on whichever route. */
  subjectOf(interpreter: Interpreter, { value, isOwn }: Stage & { readonly value: Value }, { scope }: RegisteredRoute): object | undefined {
    if (typeof value !== 'object') return undefined;
    return this.subjects.of(interpreter, value, `${isOwn} ${mayReadThis(value) ? this.numberOf(scope) : ''}`);
  }

  /** See `ChainStep`. */
  fact(interpreter: Interpreter, route: RegisteredRoute, request: { readonly method: string; readonly originalUrl: string }, name: string): string | undefined {
    switch (name) {
      case 'url': case 'originalUrl': return request.originalUrl;
      case 'method': case 'routerMethod': return request.method;
      case 'params': return parameterNames(route.path).join();
      case 'server': return String(this.numberOf(route.scope));
      case 'route.url': return route.path;
      case 'route.config': case 'route.schema': return this.optionFact(interpreter, route, name.slice('route.'.length));
      default: return this.decorationFact(route, name);
    }
  }

  private optionFact(interpreter: Interpreter, route: RegisteredRoute, name: string): string | undefined {
    const slot = route.options.properties.get(name);
    if (!slot) return route.options.open === undefined ? '' : undefined;
    return slot.kind === 'accessor' || slot.kind === 'union' ? undefined : this.subjects.describe(interpreter, slot);
  }

  private decorationFact({ scope }: RegisteredRoute, name: string): string | undefined {
    const [kind, member] = name.split(' ');
    if ((kind !== 'requestMembers' && kind !== 'replyMembers') || !member) return undefined;
    let holder: Scope | undefined = scope;
    while (holder && !holder[kind].has(member)) holder = holder.parent;
    return holder ? String(this.numberOf(holder)) : '';
  }

  private numberOf(scope: Scope): number {
    let number = this.numbers.get(scope);
    if (number === undefined) this.numbers.set(scope, number = this.numbers.size);
    return number;
  }

  private namesOf(kind: Members): ReadonlySet<string> {
    let names = this.decorated.get(kind);
    if (!names) this.decorated.set(kind, names = new Set(this.application.loading.slice(0, 1).flatMap(({ scope }) => [...membersIn(scope, kind)])));
    return names;
  }
}

function* membersIn(scope: Scope, kind: Members): Generator<string> {
  yield* scope[kind].keys();
  for (const child of scope.children) yield* membersIn(child, kind);
}

/** Hooks are called with the instance as `this`; an arrow keeps that of the code around. */
function mayReadThis(value: Value): boolean {
  if (!(value instanceof FunctionObject)) return true;
  const { node, module } = value;
  return node.type !== 'ArrowFunctionExpression' && module.says(node, /this/);
}
