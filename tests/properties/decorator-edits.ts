import fc from 'fast-check';
import { createParse } from '../../src/project/parse.ts';
import { printProgram } from './nest-printer.ts';
import { program } from './nest-program.ts';

/** What somebody does to the decorators and methods of a class; the numbers choose among the places there are. */
export interface DecoratorEdit {
  readonly file: number;
  readonly kind: (typeof KINDS)[number];
  readonly place: number;
  readonly other: number;
  /** Whether the file stays like that, or is as it was before for the next edit. */
  readonly isSaved: boolean;
}

const KINDS = ['decorate', 'decorate', 'undecorate', 'redecorate', 'path', 'add', 'add', 'remove', 'move', 'body', 'blank', 'import', 'import', 'unimport', 'unimport'] as const;

/** Decorators that do more than to leave something on what they stand above, and who looks at classes otherwise than Nest does. */
const ODD = `import 'reflect-metadata';
import { SetMetadata, UseGuards } from '@nestjs/common';
import { QuietGuard, TokenGuard } from './guards';

let count = 0;
export const listed: unknown[] = [];
const guarding = (isOn: boolean) => (isOn ? UseGuards(TokenGuard) : SetMetadata('roles', []));
export const Counted = () => guarding(count++ % 2 === 0);
export const Listed = () => (target: object) => { listed.push(target); };
export const OnceListed = () => guarding(listed.length % 2 === 0);
export const Wrapping = () => (_target: object, _key: string, descriptor: PropertyDescriptor) => {
  const inner = descriptor.value;
  descriptor.value = function (...args: unknown[]) { return inner.apply(this, args); };
};
export const Telling = () => (target: object) => Reflect.defineMetadata('isPublic', true, TokenGuard);
export const Told = () => guarding(Reflect.hasMetadata('isPublic', TokenGuard));
export const Twice = () => (target: any, key: any, descriptor: any) => {
  UseGuards(TokenGuard)(target, key, descriptor);
  UseGuards(QuietGuard)(target, key, descriptor);
};
export const Inherited = () => (target: any) => { if (Reflect.getMetadata('roles', target)) UseGuards(TokenGuard)(target); };
export const Named = () => (target: any, key: any, descriptor: any) => { if ((target.prototype ?? target).helper) UseGuards(TokenGuard)(target, key, descriptor); };
`;

const IMPORT_ODD = "import { Counted, Inherited, Listed, Named, OnceListed, Telling, Told, Twice, Wrapping } from './odd';\nimport { Body, Param, Query, SetMetadata } from '@nestjs/common';\n";

const USUAL = [
  '@Public()', '@Public()', '@UseGuards(TokenGuard)', '@UseGuards(QuietGuard)', '@UseGuards(MarkedGuard)', '@UseGuards(VisitorGuard)', '@UseGuards(TokenGuard, DeepGuard)', "@Roles('admin')", '@Secured()', '@SecuredBlock()', '@SecuredWhen(true)', '@SecuredWhen(false)', "@SecuredSpread('a')",
  '@UseGuards(ThrottlerGuard)', '@Throttle({ default: { limit: 8, ttl: 60_000 } })', '@SkipThrottle({ default: true })', "@SetMetadata('isPublic', false)",
];

const UNUSUAL = [
  "@Unbound('x')", '@Counted()', '@Listed()', '@OnceListed()', '@Wrapping()', '@Telling()', '@Told()', '@Twice()', '@Inherited()', '@Named()', "@Controller('again')", "@Get('further')",
];

const MARKS = [...USUAL, ...USUAL, ...USUAL, ...USUAL, ...USUAL, ...UNUSUAL];

const METHODS = [
  "  @Get('added')\n  added() {\n    return { reached: 'added' };\n  }\n",
  "  @Post('added/:id')\n  @UseGuards(TokenGuard)\n  addedToo(@Param('id') id: string, @Body() body: unknown) {\n    return { id, body };\n  }\n",
  "  @Public()\n  @Get(['one', 'two'])\n  both(@Query('page') page: string) {\n    return this.helper?.(page) ?? {};\n  }\n",
  "  helper() {\n    throw new Error('no');\n  }\n",
  "  @Delete('by-getter')\n  get some() {\n    return 1;\n  }\n",
  "  static make() {\n    return 1;\n  }\n",
  '  constructor() {\n    this.kept = this.helper;\n  }\n',
  '  onModuleInit() {\n    this.kept = 1;\n  }\n',
  "  private readonly kept = 'kept';\n",
  "  @Get('inherited00')\n  inherited00() {\n    return {};\n  }\n",
  "  ['computed']() {\n    return {};\n  }\n",
  "  toString() {\n    return '';\n  }\n",
];

/** Names, where they come from, and a decorator that uses one. */
const IMPORTS = [
  ['Public as Opened', './marks', '@Opened()'], ['Secured as Closed', './marks', '@Closed()'], ['QuietGuard as Quiet', './guards', '@UseGuards(Quiet)'], ['DeepGuard as Public', './guards', '@UseGuards(Public)'],
  ['Unbound', './marks', "@Unbound('x')"], ['Put', '@nestjs/common', "@Put('put')"], ['type Type', '@nestjs/common', ''], ['IS_PUBLIC', './keys', '@SetMetadata(IS_PUBLIC, true)'], ['listed', './odd', "@SetMetadata('isPublic', listed.length)"], ['URL', 'node:url', ''],
  ['Injectable', '@nestjs/common', '@Injectable()'], ['app', './main', ''], ['AppModule', './app.module', "@SetMetadata('isPublic', AppModule)"],
] as const;

/** Stands in main.ts: code that looks at a controller, or writes to it. */
const LOOKERS = [
  '', '', '', '', '', '', '', '', '', '', '', '',
  "export const looked = Object.getOwnPropertyNames(Part0Controller.prototype).length;\nif (looked > 3) process.exitCode = 1;\n",
  'export class Deeper extends Part0Controller {}\n',
  'export const method = Part0Controller.prototype.own00;\n',
  "Reflect.defineMetadata('isPublic', true, Part0Controller);\n",
  "SetMetadata('isPublic', true)(Part0Controller);\n",
  "Part0Controller.prototype.helper = () => ({});\n",
  "export const isOpen = Reflect.getMetadata('isPublic', Part0Controller) ? 1 : 2;\n",
  'new Part0Controller().own00();\n',
];

export const decoratedProgram: fc.Arbitrary<ReadonlyMap<string, string>> = fc.record({ program, looker: fc.constantFrom(...LOOKERS), provided: fc.nat({ max: 5 }) }).map(({ program: drawn, looker, provided }) => {
  const files = new Map(printProgram(drawn));
  files.set('src/odd.ts', ODD);
  for (const [name, text] of files) if (/controller\d|bases/.test(name)) files.set(name, IMPORT_ODD + text);
  if (looker !== '') files.set('src/main.ts', `import 'reflect-metadata';\nimport { SetMetadata } from '@nestjs/common';\nimport { Part0Controller } from './controller0';\n${files.get('src/main.ts') as string}${looker}`);
  // A controller may be a provider too.
  if (provided === 0) files.set('src/app.module.ts', (files.get('src/app.module.ts') as string).replace(/providers: \[(?=[^\]]*\],\n\}\)\nexport class AppModule)/, 'providers: [Part0Controller, '));
  return files;
});

export const decoratorEdit: fc.Arbitrary<DecoratorEdit> = fc.record({ file: fc.nat(), kind: fc.constantFrom(...KINDS), place: fc.nat(), other: fc.nat(), isSaved: fc.boolean() });

const parse = createParse();

/** The files among which edits choose: mostly controllers. */
export function decoratedFiles(sources: readonly string[]): readonly string[] {
  const controllers = sources.filter((file) => /controller\d/.test(file));
  return [...controllers, ...controllers, ...controllers, ...sources.filter((file) => /bases|module|guards/.test(file))];
}

/** The text afterwards; undefined where the edit cannot be made, or leaves what is no program. */
export function redecorated(file: string, text: string, { kind, place, other }: DecoratorEdit): string | undefined {
  const lines = text.split('\n');
  const marks = lines.flatMap((line, index) => (/^ *@/.test(line) ? [index] : []));
  const at = marks[place % marks.length];
  if (at === undefined) return undefined;
  const indent = /^ */.exec(lines[at] as string)?.[0] ?? '';
  const mark = indent + (MARKS[other % MARKS.length] as string);
  const methods = marks.filter((index) => (lines[index] as string).startsWith(' ') && !(lines[index - 1] ?? '').startsWith('  @'));
  const method = methods[other % methods.length];
  const end = method === undefined ? -1 : lines.indexOf('  }', method);
  const imports = lines.flatMap((line, index) => (line.startsWith('import ') ? [index] : []));
  const imported = imports[other % imports.length] as number;
  const replaced = (index: number, by: (line: string) => string): readonly string[] => lines.with(index, by(lines[index] as string));
  const changed = ((): readonly string[] | undefined => {
    switch (kind) {
      case 'decorate': return lines.toSpliced(at, 0, mark);
      case 'undecorate': return lines.toSpliced(at, 1);
      case 'redecorate': return lines.toSpliced(at, 1, mark);
      case 'path': return lines.with(at, (lines[at] as string).replace(/\('.*'\)/, `('p${other % 5}')`));
      case 'add': return method === undefined ? undefined : lines.toSpliced(method, 0, ...(METHODS[place % METHODS.length] as string).split('\n'));
      case 'remove': return method === undefined || end < 0 ? undefined : lines.toSpliced(method, end + 1 - method);
      case 'move': return method === undefined || end < 0 ? undefined : lines.toSpliced(method, end + 1 - method).toSpliced(-2, 0, ...lines.slice(method, end + 1));
      case 'body': return end < 0 ? undefined : lines.toSpliced(end, 0, place % 2 === 0 ? "    if (process.env.X) throw new Error('no');" : '    this.helper();');
      case 'import': {
        const [name, source, used] = IMPORTS[place % IMPORTS.length] as (typeof IMPORTS)[number];
        const known = lines.findIndex((line) => line.startsWith('import ') && line.includes(`'${source}'`));
        const bound = known < 0 || other % 3 === 0 ? lines.toSpliced(imported, 0, `import { ${name} } from '${source}';`) : replaced(known, (line) => line.replace('import { ', `import { ${name}, `));
        return other % 2 === 0 || used === '' ? bound : bound.map((line, index) => (index === bound.length - lines.length + at ? line.replace(/@.*/, used) : line));
      }
      // Its end, its beginning, or all of it.
      case 'unimport': return place % 3 === 0 ? lines.toSpliced(imported, 1) : replaced(imported, (line) => (place % 3 === 1 ? line.replace(/, \w+ }/, ' }') : line.replace(/{ \w+, /, '{ ')));
      case 'blank': return lines.toSpliced(at, 0, '');
    }
  })()?.join('\n');
  return changed !== undefined && changed !== text && parse(file, changed).ok ? changed : undefined;
}
