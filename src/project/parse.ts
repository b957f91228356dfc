import { createRequire } from 'node:module';
import type { TSESTree } from '@typescript-eslint/types';
import type { LoadFailure, LoadedModule, SourceComment } from '../interpreter/modules/loader.ts';
import { createLightener } from './lighten.ts';
import { isTooDeep } from './nesting.ts';
import { createPositions } from './positions.ts';
import { dialectOf, isDeclaration, MAX_SOURCE_BYTES } from './source-extensions.ts';
import { spanOf } from '../interpreter/spans.ts';

/** Text to module. `file` is absolute and only its extension matters. Never throws. */
export type Parse = (file: string, text: string) => LoadedModule | LoadFailure;

type Language = 'jsx' | 'ts' | 'tsx' | 'dts';
type SourceType = 'module' | 'commonjs';

type Attempt =
  | { readonly ok: true; readonly program: TSESTree.Program; readonly comments: readonly SourceComment[] }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** A parser behind the adapter: one try with one language. Throws only on its own defects. */
export type Engine = (text: string, language: Language, sourceType: SourceType) => Attempt;

/** Loads a parser package by name, or throws. */
export type LoadPackage = (name: string) => unknown;

/**
 * The adapter over oxc-parser, and over @typescript-eslint/parser where the native binding of oxc-parser is missing on
 * the platform; both give the same tree. Neither is loaded before the first file is parsed.
 */
export function createParse(loadPackage: LoadPackage = createRequire(import.meta.url)): Parse {
  const lighten = createLightener();
  let engine: Engine | undefined;
  let broken: string | undefined;
  return (file, text) => {
    const fail = (reason: string): LoadFailure => ({ ok: false, file, reason });
    if (text.length > MAX_SOURCE_BYTES) return fail(`is too large to parse (${text.length} characters, at most ${MAX_SOURCE_BYTES})`);
    if (isTooDeep(text)) return fail('does not parse: nests too deeply');
    if (broken !== undefined) return fail(broken);
    if (engine === undefined) {
      try {
        engine = loadEngine(loadPackage);
      } catch (error) {
        broken = `does not parse: no parser can be loaded (${firstLine(error)})`;
        return fail(broken);
      }
    }
    const parsed = parseWith(engine, file, text);
    if (parsed.ok) lighten(parsed.program);
    return parsed;
  };
}

function parseWith(engine: Engine, file: string, text: string): LoadedModule | LoadFailure {
  const position = createPositions(text);
  let first: string | undefined;
  for (const language of languagesOf(file)) {
    for (const sourceType of sourceTypesOf(file, text)) {
      let attempt: Attempt;
      try {
        attempt = engine(text, language, sourceType);
      } catch (error) {
        attempt = { ok: false, message: firstLine(error), offset: 0 };
      }
      if (attempt.ok) {
        const { program, comments } = attempt;
        return { ok: true, file, text, program, comments, commonJs: !hasModuleSyntax(program) && usesCommonJs(text), position, place: (offset) => offset, says: (node, question) => question.test(text.slice(spanOf(node).start, spanOf(node).end)) };
      }
      if (first === undefined) {
        const { line, column } = position(attempt.offset);
        first = `does not parse: ${attempt.message} (${line}:${column})`;
      }
    }
  }
  return { ok: false, file, reason: first! };
}

/** JavaScript files also hold JSX and, where a bundler strips them, types. Text without a name can be anything. */
function languagesOf(file: string): readonly Language[] {
  if (isDeclaration(file)) return ['dts'];
  switch (dialectOf(file)) {
    case 'ts':
      return ['ts'];
    case 'tsx':
      return ['tsx'];
    default:
      return ['jsx', 'tsx', 'ts'];
  }
}

/** The likely one first. `commonjs` is sloppy code in which `return` may stand outside of functions. */
function sourceTypesOf(file: string, text: string): readonly SourceType[] {
  const isModule = /\.m[jt]sx?$/i.test(file) || (!/\.c[jt]s$/i.test(file) && /^[ \t]*(?:import|export)\b/m.test(text));
  return isModule ? ['module', 'commonjs'] : ['commonjs', 'module'];
}

function hasModuleSyntax(program: TSESTree.Program): boolean {
  return program.body.some(({ type }) => /^(?:Import|Export|TSImportEquals|TSExportAssignment|TSNamespaceExport)/.test(type));
}

function usesCommonJs(text: string): boolean {
  return /\brequire\s*\(|\bmodule\s*\.\s*exports\b|\bexports\s*[.[]/.test(text);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split('\n', 1)[0]!;
}

function loadEngine(loadPackage: LoadPackage): Engine {
  try {
    return createOxcEngine(loadPackage('oxc-parser') as typeof import('oxc-parser'));
  } catch {
    return createTypescriptEslintEngine(loadPackage('@typescript-eslint/parser') as typeof import('@typescript-eslint/parser'));
  }
}

/**
 * The tree comes as JSON. Raw transfer, which is faster, is experimental and refuses to work on Node 20;
 * `parse` on a thread saves nothing, because reading the JSON takes longer than parsing and stays on this thread.
 */
function createOxcEngine(oxc: typeof import('oxc-parser')): Engine {
  return (text, language, sourceType) => {
    const result = oxc.parseSync('', text, { lang: language, sourceType, astType: 'ts', range: false, preserveParens: false });
    const error = result.errors.find(({ severity }) => severity === 'Error');
    // What oxc recovers from an error may be half of the file: a route table with silent gaps is worse than none.
    if (error !== undefined) return { ok: false, message: error.message, offset: error.labels[0]?.start ?? 0 };
    const program = result.program as unknown as TSESTree.Program;
    // TS-ESTree knows 'script' and 'module' only.
    program.sourceType = sourceType === 'module' ? 'module' : 'script';
    return { ok: true, program, comments: result.comments };
  };
}

function createTypescriptEslintEngine(parser: typeof import('@typescript-eslint/parser')): Engine {
  return (text, language, sourceType) => {
    try {
      const { comments, tokens: _tokens, ...program } = parser.parse(text, {
        // The extension decides about JSX and about declarations.
        filePath: language === 'dts' ? 'file.d.ts' : `file.${language}`,
        sourceType: sourceType === 'module' ? 'module' : 'script',
        ecmaFeatures: { jsx: language !== 'ts', globalReturn: sourceType === 'commonjs' },
      }) as unknown as TSESTree.Program;
      simplifyPositions(program);
      return {
        ok: true,
        program: program as TSESTree.Program,
        comments: (comments ?? []).map(({ type, value, range }) => ({ type, value, start: range[0], end: range[1] })),
      };
    } catch (error) {
      const { index, location } = error as { index?: number; location?: { start: { offset: number } } };
      return { ok: false, message: firstLine(error), offset: index ?? location?.start.offset ?? 0 };
    }
  };
}

/** Puts offsets in the place of `range`, and deletes `loc` and `parent`: as oxc-parser gives the tree. */
function simplifyPositions(program: object): void {
  const pending: object[] = [program];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if ('type' in node) {
      delete (node as { loc?: unknown }).loc;
      delete (node as { parent?: unknown }).parent;
      const { range } = node as { range?: readonly [number, number] };
      if (range) Object.assign(node, { start: range[0], end: range[1] });
      Reflect.deleteProperty(node, 'range');
    }
    for (const child of Object.values(node)) {
      if (typeof child === 'object' && child !== null && !(child instanceof RegExp)) pending.push(child);
    }
  }
}
