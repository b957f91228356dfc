import { isAbsolute, relative, sep } from 'node:path';

/** True for the folder itself and for all that lies in it. Lexical: symlinks are the caller's business. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder.endsWith(sep) ? folder : folder + sep);
}

/** Relative to `folder`, with `/`. Starts with `../` where the path lies outside. */
export function relativePath(folder: string, path: string): string {
  const found = relative(folder, path);
  return sep === '/' || isAbsolute(found) ? found : found.replaceAll(sep, '/');
}

/** True where a folder of that name is on the path. */
export function hasSegment(path: string, name: string): boolean {
  return path.split(sep).includes(name);
}
