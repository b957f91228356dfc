import { nameOf } from '../../guards/names.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import type { Site } from '../../interpreter/values.ts';
import { METHODS_OF_ALL } from '../all-methods.ts';
import type { RequestChain, Route } from '../framework.ts';
import type { RegisteredPath } from '../express/layers.ts';
import { joinPaths } from '../express/paths.ts';
import type { Stop } from '../express/routing.ts';
import { ExpressRequest } from '../express/steps.ts';
import type { AdapterRoute, ApplicationState } from './application.ts';
import { ELSEWHERE, parameterNames, routerMajor, sampleOf } from './paths.ts';
import type { NestStore } from './store.ts';
import { layersBefore, type Surroundings } from './surroundings.ts';

/** What the program registers past Nest: app.getHttpAdapter().get('/status', handler), app.use('/status', handler) */
export function adapterRoutes(interpreter: Interpreter, store: NestStore, around: Surroundings, state: ApplicationState): Route[] {
  return state.routes.flatMap((route) => route.paths.map((path): Route => {
    const last = route.handlers.at(-1);
    return {
      framework: 'nest',
      methods: [route.method],
      path: joinPaths([path.pattern]),
      place: route.site,
      registration: route.site,
      handler: last ? nameOf(last.value) : '(none)',
      application: around.application,
      conditions: [...route.conditions, ...path.conditions],
      unfollowed: undefined,
      isPublicByNature: false,
      mayBeMiddleware: false,
      chains: (_interpreter, question) => {
        const application = interpreter.unknown('the application below Nest', route.site, 0, 'req.app');
        const request = new ExpressRequest(interpreter, store.judge, { question, application }, store.active, store.subjects);
        const url = sampleOf([path.pattern], routerMajor(state));
        const chain = (method: string, at: string): RequestChain => request.chain(method, at, stopsTo(state, route, path, url).map((stop) => ({ ...stop, url: at })));
        const methods = route.method === 'ALL' ? METHODS_OF_ALL : [route.method === 'USE' ? 'GET' : route.method];
        return methods.map((method) => ({ ...chain(method, url), anonymousElsewhere: () => chain(method, ELSEWHERE) }));
      },
    };
  }));
}

/** Express asks in the order of registration; the hooks and the middleware of Fastify reach all routes. */
function stopsTo(state: ApplicationState, route: AdapterRoute, path: RegisteredPath, url: string): Stop[] {
  const before = layersBefore(state, url).filter(({ index }) => state.platform === 'fastify' || index < route.layers);
  const params = Object.fromEntries(parameterNames(joinPaths([path.pattern])).map((name) => [name, name]));
  const all = [
    ...before.map(({ layer }) => ({ handler: layer.handler, site: layer.site, isOwn: false, isHook: layer.isHook ?? false })),
    ...route.handlers.map((handler) => ({ handler, site: route.site as Site, isOwn: true, isHook: state.platform === 'fastify' })),
  ];
  return all.map(({ handler, site, isOwn, isHook }, index): Stop => ({
    handler, conditions: handler.conditions, site, baseUrl: '', url, params: isOwn ? params : {}, afterRoute: isOwn ? all.length : index + 1, afterRouter: isOwn ? all.length : index + 1, isHook, isOwn, isLast: index === all.length - 1,
  }));
}
