import type { Interpreter } from '../../interpreter/interpreter.ts';
import { External, HeapObject, type ModelObject, Primitive, type Site, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { routerState } from '../express/objects.ts';
import type { AdapterLayer, ApplicationState } from './application.ts';

/**
 * A router of Express that the program mounts on Nest's application is Express's matter: app.use('/jobs', requireToken, jobs).
 * It goes on the application that stands below Nest, behind what that has got before.
 */
export function mountOnExpress(interpreter: Interpreter, state: ApplicationState, args: readonly Value[], site: Site): void {
  if (state.platform !== 'express') return;
  const isRouter = args.some((value) => routerState(interpreter.settle(value)) !== undefined);
  if (!state.below && !isRouter) return;
  state.below ??= createBelow(interpreter, state);
  if (state.below) use(interpreter, state.below, args, site);
}

function createBelow(interpreter: Interpreter, state: ApplicationState): ModelObject | undefined {
  const { site } = state;
  const express = interpreter.host.importPackage(interpreter, new External({ step: 'import', package: 'express', name: 'default', site }));
  const made = express instanceof HeapObject ? interpreter.call(express, UNDEFINED, [], site) : undefined;
  const below = made && routerState(made) ? (made as ModelObject) : undefined;
  if (below) for (const layer of state.layers) use(interpreter, below, argumentsOf(layer), layer.site);
  return below;
}

function argumentsOf({ paths, handler }: AdapterLayer): readonly Value[] {
  const patterns = paths?.flatMap(({ pattern }) => (pattern.kind === 'string' ? [new Primitive(pattern.source)] : []));
  return [...patterns ?? [], handler.value];
}

function use(interpreter: Interpreter, below: ModelObject, args: readonly Value[], site: Site): void {
  interpreter.call(interpreter.get(below, 'use', site), below, args, site);
}
