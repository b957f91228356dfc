import { dirname, join } from 'node:path';
import ignore from 'ignore';
import type { Ignore } from 'ignore';
import type { Disk } from './disk.ts';
import { isInside, relativePath } from './paths.ts';

const MAX_GITIGNORE_BYTES = 1_000_000;

/** Never the program's own code, whatever .gitignore says. */
const ALWAYS_LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', 'bower_components', 'jspm_packages', '.git', '.hg', '.svn', '.yarn']);

/** Which paths of a root are no part of the program. Paths are absolute and inside the root. */
export interface IgnoreRules {
  /** By git's rules, or a folder of installed packages. What git leaves out differs between machines. */
  isGitIgnored(path: string, kind: 'file' | 'folder'): boolean;
  /** By git's rules or by the patterns of the settings. */
  isLeftOut(path: string, kind: 'file' | 'folder'): boolean;
}

interface GitIgnore {
  readonly folder: string;
  readonly rules: Ignore;
}

/** `patterns` are those of `Settings.ignore`: .gitignore syntax, relative to the root, and braces. */
export function createIgnoreRules(disk: Disk, root: string, patterns: readonly string[]): IgnoreRules {
  const own = ignore({ ignoreCase: false }).add(patterns.flatMap(expandBraces));
  const chains = new Map<string, readonly GitIgnore[]>();
  const above = ancestorIgnores(disk, root);

  /** The .gitignore files that hold in a folder, deepest first. */
  function chainOf(folder: string): readonly GitIgnore[] {
    let chain = chains.get(folder);
    if (chain === undefined) {
      const outer = folder === root || !isInside(root, folder) ? above : chainOf(dirname(folder));
      const rules = readGitIgnore(disk, folder);
      chains.set(folder, (chain = rules === undefined ? outer : [{ folder, rules }, ...outer]));
    }
    return chain;
  }

  function isGitIgnored(path: string, kind: 'file' | 'folder'): boolean {
    if (path === root) return false;
    if (relativePath(root, path).split('/').some((segment) => ALWAYS_LEFT_OUT.has(segment))) return true;
    return isIgnoredBy(chainOf(dirname(path)), path, kind);
  }

  return {
    isGitIgnored,
    isLeftOut(path, kind) {
      if (path === root) return false;
      return isGitIgnored(path, kind) || own.ignores(relativePath(root, path) + (kind === 'folder' ? '/' : ''));
    },
  };
}

function isIgnoredBy(chain: readonly GitIgnore[], path: string, kind: 'file' | 'folder'): boolean {
  for (const { folder, rules } of chain) {
    const { ignored, unignored } = rules.test(relativePath(folder, path) + (kind === 'folder' ? '/' : ''));
    if (ignored || unignored) return ignored;
  }
  return false;
}

/** The .gitignore files between the repository's top and the root, which hold too. None where the root itself is ignored by them. */
function ancestorIgnores(disk: Disk, root: string): readonly GitIgnore[] {
  const chain: GitIgnore[] = [];
  let folder = root;
  while (disk.stat(join(folder, '.git')).kind === 'missing') {
    const parent = dirname(folder);
    if (parent === folder) return [];
    folder = parent;
    const rules = readGitIgnore(disk, folder);
    if (rules !== undefined) chain.push({ folder, rules });
  }
  return isIgnoredBy(chain, root, 'folder') ? [] : chain;
}

function readGitIgnore(disk: Disk, folder: string): Ignore | undefined {
  const read = disk.read(join(folder, '.gitignore'), MAX_GITIGNORE_BYTES);
  return 'text' in read ? ignore({ ignoreCase: false }).add(read.text) : undefined;
}

/** `a.{x,y}` → `a.x`, `a.y`; nested braces too. A brace without a partner stays as it is. */
export function expandBraces(pattern: string): string[] {
  const innermost = /\{([^{}]*,[^{}]*)\}/.exec(pattern);
  if (innermost === null) return [pattern];
  const before = pattern.slice(0, innermost.index);
  const after = pattern.slice(innermost.index + innermost[0].length);
  return [...new Set(innermost[1]!.split(',').flatMap((choice) => expandBraces(before + choice + after)))];
}
