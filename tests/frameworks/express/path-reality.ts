import { createRequire } from 'node:module';
import type { ExpressMajor, PathPattern } from '../../../src/frameworks/express/paths.ts';

/** The real routers, asked the questions that `paths.ts` answers. */

interface Request {
  method: string;
  url: string;
  baseUrl?: string;
  params?: Record<string, string | string[] | undefined>;
}

type Handler = (request: Request, response: object, next: (error?: unknown) => void) => void;
type RealPath = string | RegExp | readonly (string | RegExp)[];

interface RealRouter extends Handler {
  use(path: RealPath, handler: Handler): void;
  get(path: RealPath, handler: Handler): void;
}

interface RealExpress {
  Router(options?: { caseSensitive?: boolean; strict?: boolean; mergeParams?: boolean }): RealRouter;
}

const require = createRequire(import.meta.url);
const expresses: Readonly<Record<ExpressMajor, RealExpress>> = { 4: require('express4'), 5: require('express') };

export interface Seen {
  readonly url: string;
  readonly baseUrl: string;
  readonly params: Record<string, string | string[] | undefined>;
}

export interface RouterOptions {
  readonly caseSensitive: boolean;
  readonly strict: boolean;
  readonly mergeParams: boolean;
}

export const looseRouter: RouterOptions = { caseSensitive: false, strict: false, mergeParams: false };

export function realPath(pattern: PathPattern): string | RegExp {
  if (pattern.kind === 'parts') throw new TypeError('no framework has unknown parts');
  return pattern.kind === 'regexp' ? new RegExp(pattern.source, pattern.flags) : pattern.source;
}

/**
 * Boots routers nested by `chain`, the last level with `register`, and sends `path` through them.
 * Gives what the innermost handler saw, undefined where it did not run. Throws where booting does.
 */
export function bootAndAsk(
  major: ExpressMajor,
  chain: readonly RealPath[],
  register: 'get' | 'use',
  options: RouterOptions,
): (path: string) => Seen | undefined {
  let seen: Seen | undefined;
  const handler: Handler = ({ url, baseUrl = '', params = {} }) => {
    seen = { url, baseUrl, params: { ...params } };
  };
  let inner: Handler = handler;
  for (const [index, path] of chain.toReversed().entries()) {
    const router = expresses[major].Router(options);
    router[index === 0 ? register : 'use'](path, inner);
    inner = router;
  }
  return (path) => {
    seen = undefined;
    // Both routers call their layers before they return; only giving up is put off.
    inner({ method: 'GET', url: path }, {}, () => undefined);
    return seen;
  };
}
