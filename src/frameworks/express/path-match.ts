import { match as matchFunction, pathToRegexp } from 'path-to-regexp';
import pathToRegexpV0 from 'path-to-regexp-v0';
import { concretePath } from './path-pattern.ts';
import type { ExpressMajor, PathPattern } from './path-pattern.ts';
import { backtracksWithoutBound } from './path-regexp.ts';

export interface CompileOptions {
  readonly major: ExpressMajor;
  /** True for a route, false for what `use` mounts. */
  readonly end: boolean;
  /** The router's `caseSensitive`. */
  readonly sensitive: boolean;
  /** The router's `strict`. Mounts are never strict, whatever the router says. */
  readonly strict: boolean;
}

/** Express 5 gives a wildcard as its segments; Express 4 has keys without a value for absent optional parameters. */
export type PathParams = Readonly<Record<string, string | readonly string[] | undefined>>;

export interface PathMatch {
  /** The text the layer matched; for a mount, what is cut from `req.url`. */
  readonly matched: string;
  /** For a mount, what the mounted handler sees as its path; for a route, the path unchanged. */
  readonly rest: string;
  /** For a mount, what is added to `req.baseUrl`; empty for a route. */
  readonly base: string;
  /** Decoded, and without those of the mounts above: see `mergeParams`. */
  readonly params: PathParams;
}

export interface Matcher {
  /**
   * `path` is a path name without query, beginning with a slash. A parameter that does not decode
   * counts as no match; the framework answers 400 then.
   */
  match(path: string): PathMatch | undefined;
  /** What the layer runs, in order, with the name of each capture: for whoever makes up paths that match. */
  readonly expressions: readonly PathExpression[];
}

export interface PathExpression {
  readonly regexp: RegExp;
  readonly names: readonly string[];
  /** The program wrote it: no text was compiled to it. */
  readonly isGiven?: boolean;
}

/** `invalid`: this major throws on the pattern when the program boots. `unfollowed`: it boots, and matching it here could take forever. */
export type CompileFailure =
  | { readonly invalid: string }
  | { readonly unfollowed: string };

/** What a layer's `match` returns, before a mount's prefix is checked and cut. */
interface LayerMatch {
  readonly path: string;
  readonly params: PathParams;
}

interface Layer {
  /** Throws where the framework does: on a parameter that does not decode. */
  match(path: string): LayerMatch | undefined;
  readonly expressions: readonly PathExpression[];
}

/** Compiles what one registration call got as its path: one pattern, or an array of them as one layer. */
export function compile(pattern: PathPattern | readonly PathPattern[], options: CompileOptions): Matcher | CompileFailure {
  let layer: Layer;
  try {
    layer = options.major === 4 ? layerOfExpress4(pattern, options) : layerOfExpress5(pattern, options);
  } catch (error) {
    return { invalid: error instanceof Error ? error.message : String(error) };
  }
  if (layer.expressions.some(({ regexp }) => backtracksWithoutBound(regexp))) {
    return { unfollowed: 'the path has repetitions inside repetitions, which can take exponential time to match' };
  }
  return {
    expressions: layer.expressions,
    match(path) {
      const match = matchOrFail(layer, path);
      if (match === undefined) return undefined;
      return options.end ? { matched: match.path, rest: path, base: '', params: match.params } : trimPrefix(match, path, options.major);
    },
  };
}

/** `trim_prefix` of both routers: what is mounted sees the rest of the path, and only on a boundary. */
function trimPrefix({ path: matched, params }: LayerMatch, path: string, major: ExpressMajor): PathMatch | undefined {
  if (matched === '') return { matched, rest: path, base: '', params };
  // app.use(/admin/, …) with a request for /x/admin
  if (!path.startsWith(matched)) return undefined;
  const next = path.charAt(matched.length);
  if (next !== '' && next !== '/' && !(next === '.' && major === 4)) return undefined;
  const rest = path.slice(matched.length);
  return {
    matched,
    rest: rest.startsWith('/') ? rest : `/${rest}`,
    base: matched.endsWith('/') ? matched.slice(0, -1) : matched,
    params,
  };
}

function layerOfExpress4(pattern: PathPattern | readonly PathPattern[], { end, sensitive, strict }: CompileOptions): Layer {
  const path = isList(pattern) ? pattern.map(concretePath) : concretePath(pattern);
  const keys: Parameters<typeof pathToRegexpV0>[1] = [];
  const regexp = pathToRegexpV0(path, keys, { sensitive, strict: strict && end, end });
  const expressions = [{ regexp, names: keys.map(({ name }) => String(name)), isGiven: path instanceof RegExp }];
  if (path === '/' && !end) return { expressions, match: () => ({ path: '', params: {} }) };
  return {
    expressions,
    match(requested) {
      const match = execute(regexp, requested);
      if (match === null) return undefined;
      const params: Record<string, string | undefined> = {};
      for (const [index, captured] of match.slice(1).entries()) {
        const key = keys[index];
        if (key === undefined) throw new TypeError('a group without a key');
        const value = decode(captured);
        if (value !== undefined || !Object.hasOwn(params, key.name)) params[key.name] = value;
      }
      return { path: match[0], params };
    },
  };
}

function layerOfExpress5(pattern: PathPattern | readonly PathPattern[], options: CompileOptions): Layer {
  const paths = isList(pattern) ? pattern.map(concretePath) : [concretePath(pattern)];
  const end = options.end;
  const strict = options.strict && end;
  const layers = paths.map((path): Layer => {
    if (path instanceof RegExp) return layerOfRegExp(path);
    // `loosen` of the router
    const loose = strict || path === '/' ? path : path.replace(/\/+$/, '');
    const settings = { sensitive: options.sensitive, end, trailing: !strict };
    const { regexp, keys } = pathToRegexp(loose, settings);
    const match = matchFunction<Record<string, string | string[]>>(loose, { ...settings, decode });
    return {
      expressions: [{ regexp, names: keys.map(({ name }) => name) }],
      match: (requested) => match(requested) || undefined,
    };
  });
  const expressions = layers.flatMap((layer) => layer.expressions);
  // The fast path for app.use('/', …); app.use(['/'], …) has none.
  if (!isList(pattern) && paths[0] === '/' && !end) return { expressions, match: () => ({ path: '', params: {} }) };
  return {
    expressions,
    match(requested) {
      for (const layer of layers) {
        const match = layer.match(requested);
        if (match !== undefined) return match;
      }
      return undefined;
    },
  };
}

/** `regexpMatcher` of Express 5's layer: groups are counted in the source, parameters without a value are left out. */
function layerOfRegExp(regexp: RegExp): Layer {
  const names: string[] = [];
  let unnamed = 0;
  for (const group of regexp.source.matchAll(/\((?:\?<(.*?)>)?(?!\?)/g)) {
    names.push(group[1] || String(unnamed++));
  }
  return {
    expressions: [{ regexp, names, isGiven: true }],
    match(requested) {
      const match = execute(regexp, requested);
      if (match === null) return undefined;
      const params: Record<string, string> = {};
      for (const [index, captured] of match.slice(1).entries()) {
        const name = names[index];
        if (name === undefined) throw new TypeError('a group without a name');
        const value = decode(captured);
        if (value !== undefined) params[name] = value;
      }
      return { path: match[0], params };
    },
  };
}

function isList(pattern: PathPattern | readonly PathPattern[]): pattern is readonly PathPattern[] {
  return Array.isArray(pattern);
}

/** A `g` or `y` flag makes the framework's answer depend on the request before; this is the first request. */
function execute(regexp: RegExp, path: string): RegExpExecArray | null {
  regexp.lastIndex = 0;
  return regexp.exec(path);
}

function decode(value: string): string;
function decode(value: string | undefined): string | undefined;
function decode(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? value : decodeURIComponent(value);
}

/** Both routers turn an error in matching into an error of the request: this layer does not run. */
function matchOrFail(layer: Layer, path: string): LayerMatch | undefined {
  try {
    return layer.match(path);
  } catch {
    return undefined;
  }
}
