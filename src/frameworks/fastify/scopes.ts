import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ModelObject, type Behaviour, type Value } from '../../interpreter/values.ts';
import type { ApplicationState, BeforeHandler, Hook, Scope } from './state.ts';

export function createRootScope(interpreter: Interpreter, behaviour: Behaviour, state: Pick<ApplicationState, 'site' | 'major' | 'found'>): Scope {
  const application: ApplicationState = { ...state, loading: [], routes: [], isInjected: false, listens: false, opaquePackage: undefined, cause: undefined, endless: new Set() };
  const scope = createScope(interpreter, behaviour, application, undefined, '');
  application.loading.push({ scope, queue: [] });
  return scope;
}

/** `Object.create(parent)` with hooks of its own, as `register` makes it for a plugin that is not wrapped. */
export function createChildScope(interpreter: Interpreter, parent: Scope, prefix: string): Scope {
  const child = createScope(interpreter, parent.instance.behaviour, parent.application, parent, joinPrefix(parent.prefix, prefix));
  parent.children.push(child);
  return child;
}

function createScope(interpreter: Interpreter, behaviour: Behaviour, application: ApplicationState, parent: Scope | undefined, prefix: string): Scope {
  const instance = new ModelObject(parent?.instance ?? interpreter.realm.objectPrototype, behaviour, { scope: undefined }, application.site);
  const scope: Scope = {
    application,
    instance,
    parent,
    prefix,
    hooks: new Map([...(parent?.hooks ?? [])].map(([name, hooks]) => [name, [...hooks]])),
    onRoute: [...(parent?.onRoute ?? [])],
    onRegister: [...(parent?.onRegister ?? [])],
    children: [],
    requestMembers: new Map(),
    replyMembers: new Map(),
    members: new Map(),
  };
  (instance.state as { scope: Scope | undefined }).scope = scope;
  return scope;
}

export function scopeOf(value: Value | undefined): Scope | undefined {
  return value instanceof ModelObject && value.behaviour.name === 'fastify.instance' ? (value.state as { scope: Scope }).scope : undefined;
}

/** Fastify puts exactly one slash between prefixes. */
function joinPrefix(outer: string, inner: string): string {
  if (inner === '') return outer;
  if (outer.endsWith('/') && inner.startsWith('/')) return outer + inner.slice(1);
  return inner.startsWith('/') || outer.endsWith('/') ? outer + inner : `${outer}/${inner}`;
}

export function addHook(scope: Scope, name: BeforeHandler, hook: Hook): void {
  const hooks = scope.hooks.get(name);
  if (hooks) hooks.push(hook);
  else scope.hooks.set(name, [hook]);
  for (const child of scope.children) addHook(child, name, hook);
}

export function addRegisterHook(scope: Scope, hook: Hook): void {
  scope.onRegister.push(hook);
  for (const child of scope.children) addRegisterHook(child, hook);
}

/** What `decorateRequest` or `decorateReply` gave, in this scope or around it. */
export function decorationOf(scope: Scope, kind: 'requestMembers' | 'replyMembers', name: string): Value | undefined {
  for (let holder: Scope | undefined = scope; holder; holder = holder.parent) {
    const value = holder[kind].get(name);
    if (value) return value;
  }
  return undefined;
}
