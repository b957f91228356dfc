import type { Interpreter } from '../../interpreter/interpreter.ts';
import { deferred } from '../../interpreter/branches/isolation.ts';
import { type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { asCause, runAsCause } from './causes.ts';
import type { ApplicationState, Loading, Scope } from './state.ts';

/** Plans something for when the plugins registered so far are loaded: what runs now, runs first. */
export function enqueue(interpreter: Interpreter, application: ApplicationState, run: () => void): void {
  const { cause } = application;
  current(application).queue.push(deferred(interpreter, () => asCause(application, cause, run)));
}

/** The plugin whose function is running, wherever the instance that it calls comes from. */
export function current(application: ApplicationState): Loading {
  return application.loading.at(-1) as Loading;
}

/** `await register(…)`, `await after()`, `await ready()`: everything that the running plugin has registered. */
export function loadSoFar(application: ApplicationState): void {
  const { queue } = current(application);
  for (let next = queue.shift(); next; next = queue.shift()) next();
}

/** Runs a plugin's function, then loads what it has registered. */
export function load(application: ApplicationState, scope: Scope, run: () => unknown): void {
  const depth = application.loading.push({ scope, queue: [] });
  try {
    run();
  } finally {
    // What it registered before it threw is there all the same, as far as can be told.
    loadSoFar(application);
    application.loading.length = depth - 1;
  }
}

/** The same for a plugin with an instance of its own, which `onRegister` hooks see before it does. */
export function loadEncapsulated(interpreter: Interpreter, scope: Scope, options: Value, site: Site, run: () => unknown): void {
  const { application, parent, instance, onRegister } = scope;
  load(application, scope, () => {
    for (const { handler: { value, conditions }, site: added } of [...onRegister]) {
      if (!interpreter.isPossible(conditions)) continue;
      interpreter.underConditions(conditions, () => runAsCause(interpreter, application, value, added, () => interpreter.call(value, parent?.instance ?? UNDEFINED, [instance, options], site)));
    }
    run();
  });
}
