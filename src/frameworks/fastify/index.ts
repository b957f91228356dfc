import type { ActiveRequests } from '../../guards/active.ts';
import { callFromStep } from '../../guards/calls.ts';
import type { Catalogue } from '../../guards/catalogue/index.ts';
import type { Judge } from '../../guards/judge.ts';
import { nameOf } from '../../guards/names.ts';
import type { Question } from '../../guards/question.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type Behaviour, External, HeapObject, ModelObject, Primitive, TRUE, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { METHODS_OF_ALL } from '../all-methods.ts';
import type { FoundApplication, Framework, RequestChain, Route } from '../framework.ts';
import { declaredVersion, majorOf } from '../package-version.ts';
import { isFromEndless, isRepeated } from './causes.ts';
import { filesStarted } from './command.ts';
import { FOLDER_PACKAGE, folderFunction } from './folder-of-module.ts';
import { instanceBehaviour } from './instance.ts';
import { loadSoFar } from './loading.ts';
import { createPlugins, type Plugins } from './plugins.ts';
import { createRootScope, scopeOf } from './scopes.ts';
import { RouteFacts } from './route-facts.ts';
import { type ApplicationState, type RegisteredRoute, SKIP_OVERRIDE } from './state.ts';
import { FastifyRequest } from './steps.ts';
import { samplePath } from './texts.ts';

/** Handlers of one registration that are tried, by each of its methods. */
const MAX_HANDLERS = 3;

export function createFastifyFramework(judge: Judge, active: ActiveRequests, catalogue: Pick<Catalogue, 'decorations' | 'requestDecoration'>): Framework {
  const applications: ApplicationState[] = [];
  let parts: { readonly fastify: ModelObject; readonly plugin: Value; readonly plugins: Plugins } | undefined;

  const partsOf = (interpreter: Interpreter): NonNullable<typeof parts> => {
    if (parts) return parts;
    const plugins: Plugins = createPlugins(interpreter, judge, (name) => catalogue.decorations(name));
    const behaviour = instanceBehaviour(interpreter, plugins);
    return parts = { fastify: createFactory(interpreter, behaviour, applications), plugin: createPluginWrapper(interpreter), plugins };
  };

  return {
    name: 'fastify',
    packages: ['fastify', 'fastify-plugin', '@fastify/autoload'],

    importPackage(interpreter, external) {
      if (external.subpath !== '') return undefined;
      if (external.package === 'fastify-plugin') {
        const { plugin } = partsOf(interpreter);
        return external.name === 'default' || external.name === '*' || external.name === 'fastifyPlugin' ? plugin : undefined;
      }
      if (external.package === FOLDER_PACKAGE) return folderFunction(interpreter, external.name);
      if (external.package !== 'fastify') return undefined;
      const { fastify } = partsOf(interpreter);
      return ['default', '*', 'fastify'].includes(external.name) ? fastify : undefined;
    },

    callExternal(interpreter, callee, args, site) {
      const run = active.current;
      return interpreter.choosing && run instanceof FastifyRequest ? callFromStep(run, callee, args, site) : undefined;
    },

    owns: (value) => scopeOf(value) !== undefined || (value instanceof ModelObject && value === parts?.fastify),

    commandsIn: filesStarted,

    runCommand(interpreter, { prefix }, exported, site) {
      const { fastify, plugins } = partsOf(interpreter);
      const scope = scopeOf(interpreter.call(fastify, UNDEFINED, [], site));
      if (!scope) return;
      const options = interpreter.object(prefix === undefined ? [] : [['prefix', new Primitive(prefix)]]);
      plugins.load(scope, exported, options, site);
      scope.application.listens = true;
    },

    settle() {
      // Plugins that are loaded may create further applications.
      for (const application of applications) loadSoFar(application);
    },

    applications: () => applications.flatMap((a) => (isHarness(a) ? [] : a.found ?? [])),

    routes(interpreter) {
      return applications.filter((a) => !isHarness(a)).flatMap((application) => {
        const routes = new RouteFacts(application);
        const requests = new Map<Question, FastifyRequest>();
        const requestOf = (question: Question): FastifyRequest => {
          let request = requests.get(question);
          if (!request) requests.set(question, request = new FastifyRequest(interpreter, judge, question, active, routes, catalogue.requestDecoration));
          return request;
        };
        return application.routes.filter((route) => !isRepeated(route)).map((route) => routeOf(route, judge, requestOf));
      });
    },
  };
}

/** Makes an application, asks it itself and serves it to nobody: what a script tries out. */
function isHarness({ isInjected, listens }: ApplicationState): boolean {
  return isInjected && !listens;
}

/** What `import fastify from 'fastify'` gives: a function that creates applications. */
function createFactory(interpreter: Interpreter, behaviour: Behaviour, applications: ApplicationState[]): ModelObject {
  const factory: Behaviour = {
    name: 'fastify',
    call: (_, __, ___, ____, site) => {
      const major = majorOf(declaredVersion(interpreter.loader, 'fastify', site.module.file)) === 4 ? 4 : 5;
      const { application, instance } = createRootScope(interpreter, behaviour, { site, major, found: { framework: 'fastify', site } });
      applications.push(application);
      return instance;
    },
    get: (_, self, key) => (key === 'default' || key === 'fastify' ? self : undefined),
  };
  const fastify = new ModelObject(interpreter.realm.functionPrototype, factory, undefined);
  fastify.open = 'a member of fastify that is not modelled';
  return fastify;
}

/** fp(plugin, { name, dependencies, encapsulate }) marks the plugin and gives it back. */
function createPluginWrapper(interpreter: Interpreter): Value {
  const wrapper = interpreter.native('fastifyPlugin', ({ args, site }) => {
    const [given, options] = args;
    const inner = given instanceof HeapObject && given.properties.get('default');
    const plugin = inner && inner.kind === 'object' ? inner : given;
    if (!(plugin instanceof HeapObject)) return plugin ?? interpreter.unknown('a plugin that is not given', site);
    const encapsulates = options instanceof HeapObject ? interpreter.get(options, 'encapsulate', site) : undefined;
    if (!(encapsulates instanceof Primitive && encapsulates.value === true)) interpreter.heap.setProperty(plugin, SKIP_OVERRIDE, TRUE);
    if (options instanceof HeapObject) interpreter.heap.setProperty(plugin, Symbol.for('plugin-meta'), options);
    return plugin;
  });
  wrapper.properties.set('default', wrapper);
  wrapper.properties.set('fastifyPlugin', wrapper);
  return wrapper;
}

function routeOf(route: RegisteredRoute, judge: Judge, requestOf: (question: Question) => FastifyRequest): Route {
  const last = route.handlers.at(-1)?.handler.value;
  const { found } = route.scope.application;
  const unfollowed = isFromEndless(route) ? 'a plugin or hook that it is registered with leads to itself without end' : undefined;
  return {
    framework: 'fastify',
    methods: route.methods,
    path: route.path,
    place: route.place,
    registration: route.site,
    handler: last ? nameOf(last) : '(none)',
    application: found as FoundApplication | undefined,
    conditions: route.conditions,
    unfollowed,
    isPublicByNature: last instanceof External && servesFiles(judge, last),
    mayBeMiddleware: false,
    chains: (_interpreter, question) => (unfollowed === undefined ? chainsOf(route, requestOf(question)) : []),
  };
}

function servesFiles(judge: Judge, terminal: External): boolean {
  const row = judge.known(terminal)?.row;
  return row?.role === 'terminal' && row.serves === 'files';
}

function chainsOf(route: RegisteredRoute, request: FastifyRequest): RequestChain[] {
  const url = samplePath(route.path);
  const methods = route.methods.flatMap((method) => (method === 'ALL' ? METHODS_OF_ALL : method === 'USE' ? 'GET' : method));
  return methods.flatMap((method) => route.handlers.slice(0, MAX_HANDLERS).map((handler): RequestChain => ({
    ...request.chain(method, url, route, handler),
    anonymousElsewhere: () => request.chain(method, ELSEWHERE, route, handler),
  })));
}

/** A path that no list in the program names. */
const ELSEWHERE = '/elsewhere7q/x1z9';

