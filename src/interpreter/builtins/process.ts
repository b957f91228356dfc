import { PathEnd } from '../signals.ts';
import { SECRET } from '../labels.ts';
import { type Behaviour, HeapObject, ModelObject, type NativeCall, Primitive, UNDEFINED, Unknown, type Value } from '../values.ts';
import { argument, defineFunctions, type Natives } from './define.ts';
import { PROCESS_EXIT, runLater } from './later.ts';
import type { RealmParts } from './realm.ts';

export function addProcess(realm: RealmParts): void {
  const process = new HeapObject(realm.objectPrototype);
  process.open = 'a member of process that is not modelled';
  defineFunctions(realm.functionPrototype, process, processFunctions);
  process.properties.set('env', createEnvironment(realm));
  process.properties.set('argv', new Unknown('set by the command line', { identity: 'process.argv', labels: SECRET }));
  process.properties.set('stdout', new Unknown('an output stream', { identity: 'process.stdout' }));
  process.properties.set('stderr', new Unknown('an output stream', { identity: 'process.stderr' }));
  realm.globals.set('process', process);
}

const ENVIRONMENT: Behaviour = {
  name: 'process.env',
  isFollowed: true,
  get: (_, self, key, site) => {
    // What the program sets itself is an ordinary property.
    if (typeof key !== 'string' || self.properties.has(key)) return undefined;
    return new Unknown('set by the environment', { labels: SECRET, site, identity: `process.env.${key}` });
  },
};

function createEnvironment(realm: RealmParts): ModelObject {
  const environment = new ModelObject(realm.objectPrototype, ENVIRONMENT, undefined);
  environment.open = 'set by the environment';
  return environment;
}

const processFunctions: Natives = {
  abort: exit,
  chdir: () => UNDEFINED,
  cwd: (call) => new Primitive(call.interpreter.loader.root),
  emitWarning: () => UNDEFINED,
  exit,
  hrtime: (call) => call.interpreter.unknown('the time of the running program', call.site),
  nextTick: (call) => {
    runLater(call, argument(call, 0), call.args.slice(1));
    return UNDEFINED;
  },
  // Signals, uncaught errors and the end of the process are no part of registration or of a request.
  addListener: itself,
  off: itself,
  on: itself,
  once: itself,
  prependListener: itself,
  removeAllListeners: itself,
  removeListener: itself,
  setMaxListeners: itself,
  uptime: (call) => call.interpreter.unknown('the time of the running program', call.site),
};

function exit(): never {
  throw new PathEnd(PROCESS_EXIT);
}

function itself(call: NativeCall): Value {
  return call.receiver;
}
