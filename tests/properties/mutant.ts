import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import ts from 'typescript';
import type * as analysisModule from '../../src/analysis.ts';
import type { Analysis } from '../../src/model.ts';
import type * as projectModule from '../../src/project/project.ts';
import type * as settingsModule from '../../src/settings.ts';

export interface Edit {
  /** Relative to `src`. */
  readonly file: string;
  /** Occurs exactly once in the file. */
  readonly search: string;
  readonly replace: string;
}

/** A bug as an edit of the engine's source. */
export interface PlantedBug extends Edit {
  /** What a user of the linter would see go wrong. */
  readonly about: string;
  /** Edits without which other code would hide the bug. */
  readonly also?: readonly Edit[];
}

/** Builds copies of the engine in a temporary folder, with one bug planted in each. */
export interface Nursery {
  /** @throws when a search string of the bug does not occur exactly once */
  plant(bug: PlantedBug): Promise<(folder: string) => Analysis>;
  remove(): void;
}

const source = path.resolve(import.meta.dirname, '../../src');
// Node's own import, so that every copy is a set of modules of its own.
const nativeImport = createRequire(import.meta.url)('../conformance/express/native-import.cjs') as <T>(url: string) => Promise<T>;

export function createNursery(): Nursery {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'planted-bugs-')));
  symlinkSync(path.resolve(source, '../node_modules'), path.join(root, 'node_modules'));
  writeFileSync(path.join(root, 'package.json'), readFileSync(path.resolve(source, '../package.json')));
  const files = readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
    .map((entry) => path.relative(source, path.join(entry.parentPath, entry.name)));
  const built = new Map(files.map((file) => [file, transpile(readFileSync(path.join(source, file), 'utf8'))]));
  let copies = 0;
  return {
    async plant(bug) {
      const folder = path.join(root, String(copies++), 'src');
      const mutated = withBug(bug);
      for (const [file, text] of built) {
        const target = path.join(folder, file.replace(/\.ts$/, '.js'));
        mkdirSync(path.dirname(target), { recursive: true });
        writeFileSync(target, mutated.get(file) ?? text);
      }
      const load = <T>(file: string) => nativeImport<T>(pathToFileURL(path.join(folder, file)).href);
      const { analyze } = await load<typeof analysisModule>('analysis.js');
      const { Project } = await load<typeof projectModule>('project/project.js');
      const { readSettings } = await load<typeof settingsModule>('settings.js');
      return (program) => {
        const settings = readSettings(undefined, program);
        return analyze(new Project({ root: program, ignore: settings.ignore }), settings);
      };
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
}

/** The transpiled text of each file that the bug edits. */
function withBug(bug: PlantedBug): ReadonlyMap<string, string> {
  const edited = new Map<string, string>();
  for (const { file, search, replace } of [bug, ...bug.also ?? []]) {
    const text = edited.get(file) ?? readFileSync(path.join(source, file), 'utf8');
    const occurrences = text.split(search).length - 1;
    if (occurrences !== 1) throw new Error(`"${bug.about}": the search string occurs ${occurrences} times in src/${file}`);
    edited.set(file, text.replace(search, () => replace));
  }
  return new Map([...edited].map(([file, text]) => [file, transpile(text)]));
}

function transpile(text: string): string {
  return ts.transpileModule(text, {
    compilerOptions: { target: ts.ScriptTarget.ES2023, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true, rewriteRelativeImportExtensions: true },
  }).outputText;
}
