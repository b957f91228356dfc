import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ArrayObject, HeapObject, Primitive, type Site, Unknown, type Value } from '../../interpreter/values.ts';
import type { RegisteredPath } from '../express/layers.ts';
import { compile, type ExpressMajor, joinPaths, type Matcher, type PathPattern, samplePaths } from '../express/paths.ts';
import type { ApplicationState } from './application.ts';
import { registeredPaths, withSlash } from './controllers.ts';
import { REQUEST_METHODS } from './keys.ts';
import { VERSION_NEUTRAL } from './packages.ts';

/** One path that an endpoint is served under. */
export interface ServedPath {
  /** From the global prefix to the method's own path. */
  readonly patterns: readonly PathPattern[];
  readonly parts: readonly RegisteredPath[];
}

/** The router that Nest's versions use by default: Express 5 since 11. */
export function routerMajor(state: ApplicationState | undefined): ExpressMajor {
  return (state?.major ?? 11) >= 11 ? 5 : 4;
}

/** Prefix, version, module path, controller path and method path, in every combination. */
export function servedPaths(interpreter: Interpreter, state: ApplicationState | undefined, modulePath: Value | undefined, controller: readonly RegisteredPath[], method: readonly RegisteredPath[], version: Value, httpMethod: string): ServedPath[] {
  const modulePaths = modulePath ? [joined(registeredPathsInOrder(interpreter, modulePath))] : [undefined];
  const served: ServedPath[] = [];
  for (const versionPath of versionPaths(interpreter, state, version)) {
    for (const inModule of modulePaths) {
      for (const outer of controller) {
        for (const inner of method) {
          const parts = [versionPath, inModule, outer, inner].filter((p) => p !== undefined);
          const excluded = state?.prefix !== undefined && isExcluded(interpreter, state, parts, httpMethod);
          const prefixes = state?.prefix && !excluded ? state.prefix.paths.map(slashed) : [undefined];
          for (const prefix of prefixes) {
            const all = prefix ? [prefix, ...parts] : parts;
            const patterns = all.map((p) => forMajor(p.pattern, routerMajor(state)));
            served.push({ parts: all, patterns: patterns.some((p) => !isRoot(p)) ? patterns.filter((p) => !isRoot(p)) : patterns.slice(0, 1) });
          }
        }
      }
    }
  }
  return served;
}

function slashed(path: RegisteredPath): RegisteredPath {
  return path.pattern.kind === 'string' ? { ...path, pattern: { kind: 'string', source: withSlash(path.pattern.source) } } : path;
}

function isRoot(pattern: PathPattern): boolean {
  return pattern.kind === 'string' && (pattern.source === '/' || pattern.source === '');
}

/** Paths of nested routes of `RouterModule`, outermost first. */
function registeredPathsInOrder(interpreter: Interpreter, value: Value): readonly RegisteredPath[] {
  const site = value.kind === 'union' || value.kind === 'primitive' ? undefined : value.site;
  const elements = value instanceof ArrayObject ? value.elements : [value];
  return elements.flatMap((element) => registeredPaths(interpreter, element, site as Site).slice(0, 1));
}

function joined(paths: readonly RegisteredPath[]): RegisteredPath | undefined {
  const [first] = paths;
  return first && { ...first, pattern: { kind: 'string', source: joinPaths(paths.map((p) => p.pattern)) } };
}

/** @Get('*') and @Get('files/(.*)') as Nest 11 rewrites them. */
function forMajor(pattern: PathPattern, major: ExpressMajor): PathPattern {
  if (pattern.kind !== 'string' || major === 4) return pattern;
  const source = pattern.source.replace(/\/\(\.\*\)/g, '/{*path}').replace(/(^|\/)\*(?=$|\/)/g, '$1{*path}').replace(/\/:(\w+)\?/g, '{/:$1}');
  return { kind: 'string', source };
}

function versionPaths(interpreter: Interpreter, state: ApplicationState | undefined, version: Value): (RegisteredPath | undefined)[] {
  const versioning = state?.versioning;
  if (!versioning || versioning.type !== 'URI') return [undefined];
  const given = isNothing(version) ? versioning.defaultVersion : version;
  const list = interpreter.settle(given);
  const versions = list instanceof ArrayObject ? list.elements : [list];
  const { prefix } = versioning;
  const before = prefix instanceof Primitive && prefix.value === false ? '' : prefix instanceof Primitive && typeof prefix.value === 'string' ? prefix.value : 'v';
  return versions.map((v): RegisteredPath | undefined => {
    if (!(v instanceof Primitive) || v.value === undefined || v.value === VERSION_NEUTRAL) return undefined;
    return { pattern: { kind: 'string', source: `/${before}${String(v.value)}` }, place: state.site, conditions: [] };
  });
}

function isNothing(value: Value): boolean {
  return value instanceof Primitive && value.value === undefined;
}

function isExcluded(interpreter: Interpreter, state: ApplicationState, parts: readonly RegisteredPath[], httpMethod: string): boolean {
  const path = joinPaths(parts.map((p) => p.pattern));
  const url = sampleOf(parts.map((p) => p.pattern), routerMajor(state));
  return (state.prefix?.exclude ?? []).some((given) => {
    const { path: excluded, method } = routeInfo(interpreter, given, state.site);
    if (excluded === undefined || (method !== 'ALL' && method !== httpMethod)) return false;
    return withSlash(excluded) === path || matcherOf(excluded, routerMajor(state), 'whole')?.match(url) !== undefined;
  });
}

/** 'cats', { path: 'cats', method: RequestMethod.GET } */
export function routeInfo(interpreter: Interpreter, value: Value, site: Site): { readonly path: string | undefined; readonly method: string } {
  const isObject = value instanceof HeapObject;
  const path = isObject ? interpreter.get(value, 'path', site) : value;
  const method = isObject ? interpreter.get(value, 'method', site) : undefined;
  const number = method instanceof Primitive && typeof method.value === 'number' ? method.value : undefined;
  const text = path instanceof Unknown && path.fallback ? path.fallback : path;
  return { path: text instanceof Primitive && typeof text.value === 'string' ? text.value : undefined, method: number === undefined ? 'ALL' : REQUEST_METHODS[number] ?? 'ALL' };
}

/** `whole`: for the path itself; `below`: also for all that lies under it, as middleware for every method. */
export function matcherOf(path: string, major: ExpressMajor, reach: 'whole' | 'below'): Matcher | undefined {
  const matcher = compile(forMajor({ kind: 'string', source: withSlash(path) }, major), { major, end: reach === 'whole', sensitive: false, strict: false });
  return 'match' in matcher ? matcher : undefined;
}

/** A request path that the patterns match. */
export function sampleOf(patterns: readonly PathPattern[], major: ExpressMajor): string {
  const sampled = samplePaths(patterns.length > 0 ? patterns : [{ kind: 'string', source: '/' }], { major, last: 'route' });
  return 'samples' in sampled ? sampled.samples[0]?.path ?? '/' : '/';
}

/** Names of the parameters of a path: `:id`, `*path`. */
export function parameterNames(path: string): readonly string[] {
  return [...path.matchAll(/[:*](\w+)/g)].map((match) => match[1] as string);
}

/** A path that no list in the program names. */
export const ELSEWHERE = '/elsewhere7q/x1z9';
