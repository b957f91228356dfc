import type { PathParams } from './path-match.ts';

/**
 * `req.params` under a router with `mergeParams`: the mount's, overridden by the layer's own of the
 * same name. Numbered parameters of the layer continue the parent's numbers.
 */
export function mergeParams(own: PathParams, parent: PathParams): PathParams {
  if (!('0' in own) || !('0' in parent)) return { ...parent, ...own };
  const offset = numberedCount(parent);
  const count = numberedCount(own);
  const renumbered = Object.entries(own).map(([name, value]) => {
    const index = Number(name);
    return [String(index) === name && index < count ? String(index + offset) : name, value] as const;
  });
  return { ...parent, ...Object.fromEntries(renumbered) };
}

function numberedCount(params: PathParams): number {
  let count = 0;
  while (String(count) in params) count++;
  return count;
}
