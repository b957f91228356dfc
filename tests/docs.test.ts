import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../src/index.ts';
import { DEFAULT_PUBLIC_PATHS } from '../src/policy/default-public-paths.ts';

const folder = path.resolve(import.meta.dirname, '../docs/rules');
const readme = readFileSync(path.resolve(import.meta.dirname, '../README.md'), 'utf8');

interface Example {
  readonly section: string;
  readonly line: number;
  readonly code: string;
}

/** The code blocks of a page, with the heading that each stands under. */
function examplesOf(page: string): readonly Example[] {
  const examples: Example[] = [];
  let section = '';
  let block: { line: number; lines: string[] } | undefined;
  for (const [index, text] of page.split('\n').entries()) {
    if (block !== undefined && text === '```') {
      examples.push({ section, line: block.line, code: block.lines.join('\n') });
      block = undefined;
    } else if (block !== undefined) block.lines.push(text);
    else if (text.startsWith('```')) block = { line: index + 1, lines: [] };
    else if (text.startsWith('#')) section = text.replace(/^#+ /, '');
  }
  return examples;
}

function lint(rule: string, code: string) {
  return new Linter().verify(code, [
    { plugins: { 'secure-routes': plugin }, rules: { [`secure-routes/${rule}`]: 'error' } },
  ]);
}

describe.each(Object.keys(plugin.rules))('docs/rules/%s.md', (rule) => {
  const examples = examplesOf(readFileSync(path.join(folder, `${rule}.md`), 'utf8'));
  const sections = examples.map(({ section }) => section);

  it('has examples of both kinds, and no other code', () => {
    expect(new Set(sections)).toEqual(new Set(['Incorrect', 'Correct']));
  });

  it.each(examples)('$section code in line $line', ({ section, code }) => {
    const messages = lint(rule, code);
    if (section === 'Correct') expect(messages).toEqual([]);
    else expect(messages.map(({ ruleId }) => ruleId)).toEqual([`secure-routes/${rule}`]);
  });
});

it('there is a page for each rule and no other', () => {
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(plugin.rules)
      .map((rule) => `${rule}.md`)
      .sort(),
  );
});

/** One line for each group of paths with the same methods. */
function describeDefaultPublicPaths(): string {
  const methodsOf = new Map<string, string[]>();
  for (const { method, path: publicPath } of DEFAULT_PUBLIC_PATHS) {
    methodsOf.set(publicPath, [...(methodsOf.get(publicPath) ?? []), `\`${method}\``]);
  }
  const pathsOf = new Map<string, string[]>();
  for (const [publicPath, methods] of methodsOf) {
    const key = methods.join(', ');
    pathsOf.set(key, [...(pathsOf.get(key) ?? []), `\`${publicPath}\``]);
  }
  return [...pathsOf].map(([methods, paths]) => `- ${methods}: ${paths.join(', ')}`).join('\n');
}

it('the README lists the default public paths', () => {
  expect(readme).toContain(
    `<!-- begin default public paths -->\n\n${describeDefaultPublicPaths()}\n\n<!-- end default public paths -->`,
  );
});
