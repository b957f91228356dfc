import { isAbsolute, relative, sep } from 'node:path';

/** True for the folder itself and for all that lies in it. Lexical: symlinks are the caller's business. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Relative to `folder`, with `/`. Starts with `../` where the path lies outside. */
export function relativePath(folder: string, path: string): string {
  // Nearly always, and many times quicker than to ask.
  if (sep === '/' && path.startsWith(folder) && path[folder.length] === sep && isPlain(path)) return path.slice(folder.length + 1);
  const found = relative(folder, path);
  return sep === '/' || isAbsolute(found) ? found : found.replaceAll(sep, '/');
}

/** Without steps back and empty ones, which `relative` takes away. */
function isPlain(path: string): boolean {
  return !path.includes('/.') && !path.includes('//') && !path.endsWith('/');
}

/** True where a folder of that name is on the path. */
export function hasSegment(path: string, name: string): boolean {
  return path.split(sep).includes(name);
}
