import type { Command } from '../framework.ts';

/** `fastify start -l info app.js`, in a script, alone or among others. */
const START = /(?:^|[\s;&|"'/])fastify\s+start\s+([^;&|"']*)/g;

/** Options of fastify-cli that take the next word, where it could be taken for the file. */
const WITH_FILE: ReadonlySet<string> = new Set(['-r', '--require', '-i', '--import', '-c', '--config', '-L', '--logging-module']);

/** The files that a script hands to the command of fastify-cli, each with the prefix that it is given. */
export function filesStarted(script: string): readonly Command[] {
  return [...script.matchAll(START)].flatMap(([, text = '']) => {
    const words = text.trim().split(/\s+/);
    const file = words.findLast((word, index) => /\.[cm]?[jt]s$/.test(word) && !word.startsWith('-') && !WITH_FILE.has(words[index - 1] ?? ''));
    return file === undefined ? [] : [{ file: file.replace(/^\.\//, ''), prefix: prefixIn(words) }];
  });
}

// -x /api, --prefix=/api
function prefixIn(words: readonly string[]): string | undefined {
  const at = words.findIndex((word) => /^(-x|--prefix)(=|$)/.test(word));
  const option = words[at];
  return option?.includes('=') ? option.slice(option.indexOf('=') + 1) : option && words[at + 1];
}
