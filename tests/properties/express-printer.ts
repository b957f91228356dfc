import { parts } from './express-parts.ts';
import { expressions } from './express-program.ts';
import type { Handler, Item, Link, Middleware, Path, Program, Route, Router } from './express-program.ts';

/** A program as files. Both module systems put the same statement on the same line. */
export interface PrintedProgram {
  readonly files: ReadonlyMap<string, string>;
  /** The loops over route tables: the line of the loop's registration, and the lines of the rows in order. */
  readonly tables: readonly { readonly file: string; readonly line: number; readonly rows: readonly number[] }[];
}

type Modules = Program['modules'];

/** Writes the program in one of the two module systems. */
export function printProgram(program: Program, modules: Modules = program.modules): PrintedProgram {
  return new Printer(program, modules).print();
}

/** A file while it is written: imports come to stand above the body. */
class File {
  readonly name: string;
  readonly body: string[] = [];
  readonly named = new Map<string, Set<string>>();
  readonly defaults = new Map<string, string>();
  readonly exported = new Set<string>();
  readonly tables: { line: number; rows: number[] }[] = [];
  defaultExport: string | undefined;
  indent = '';

  constructor(name: string) {
    this.name = name;
  }

  /** @returns the 0-based line in the body */
  line(text: string): number {
    return this.body.push(text === '' ? '' : this.indent + text) - 1;
  }

  header(modules: Modules): string[] {
    const lines: string[] = [];
    for (const [from, name] of this.defaults) lines.push(modules === 'module' ? `import ${name} from '${specifier(from, modules)}';` : `const ${name} = require('${specifier(from, modules)}');`);
    for (const [from, names] of this.named) {
      const list = `{ ${[...names].join(', ')} }`;
      lines.push(modules === 'module' ? `import ${list} from '${specifier(from, modules)}';` : `const ${list} = require('${specifier(from, modules)}');`);
    }
    return lines.length > 0 ? [...lines, ''] : lines;
  }

  render(modules: Modules): string {
    const exports = this.defaultExport
      ? [modules === 'module' ? `export default ${this.defaultExport};` : `module.exports = ${this.defaultExport};`]
      : this.exported.size > 0 ? [modules === 'module' ? `export { ${[...this.exported].join(', ')} };` : `module.exports = { ${[...this.exported].join(', ')} };`] : [];
    return [...this.header(modules), ...this.body, ...exports, ''].join('\n');
  }
}

function specifier(from: string, modules: Modules): string {
  return from.startsWith('./') && modules === 'module' ? `${from}.js` : from;
}

class Printer {
  readonly #program: Program;
  readonly #modules: Modules;
  readonly #files = new Map<string, File>();
  readonly #written = new Set<string>();
  #count = 0;

  constructor(program: Program, modules: Modules) {
    this.#program = program;
    this.#modules = modules;
  }

  print(): PrintedProgram {
    const file = this.#file('app');
    file.defaults.set('express', 'express');
    file.line('const app = express();');
    if (JSON.stringify(this.#program).includes('"validate"')) file.line('app.use(express.json());');
    this.#items(file, 'app', true, this.#program.items);
    file.line('');
    file.line('app.listen(3000);');
    const manifest = `${JSON.stringify({ name: 'program', private: true, ...this.#modules === 'module' && { type: 'module' }, main: 'app.js', dependencies: { express: `^${this.#program.major}.0.0` } }, null, 2)}\n`;
    const files = [...this.#files.values()];
    return {
      files: new Map([['package.json', manifest], ...files.map((one) => [`${one.name}.js`, one.render(this.#modules)] as const)]),
      tables: files.flatMap((one) => {
        const offset = one.header(this.#modules).length + 1;
        return one.tables.map(({ line, rows }) => ({ file: `${one.name}.js`, line: line + offset, rows: rows.map((row) => row + offset) }));
      }),
    };
  }

  #file(name: string): File {
    const file = this.#files.get(name) ?? new File(name);
    this.#files.set(name, file);
    return file;
  }

  #next(prefix: string): string {
    this.#count += 1;
    return `${prefix}${this.#count}`;
  }

  #part(file: File, name: string): string {
    const part = parts[name];
    if (!part) throw new Error(`no part ${name}`);
    const home = this.#file(part.file);
    if (!this.#written.has(name)) {
      this.#written.add(name);
      home.exported.add(name);
      if (part.imports) {
        const bare = /^\{ (.+) \}$/.exec(part.imports.name)?.[1];
        if (bare) this.#import(home, part.imports.from, bare);
        else home.defaults.set(part.imports.from, part.imports.name);
      }
      for (const line of part.source.split('\n')) home.line(line);
      home.line('');
      for (const needed of part.needs ?? []) this.#part(home, needed);
    }
    if (home !== file) this.#import(file, `./${part.file}`, name);
    return name;
  }

  #import(file: File, from: string, name: string): void {
    const names = file.named.get(from) ?? new Set();
    names.add(name);
    file.named.set(from, names);
  }

  #items(file: File, target: string, isApplication: boolean, items: readonly Item[]): void {
    for (const item of items) this.#item(file, target, isApplication, item);
  }

  #item(file: File, target: string, isApplication: boolean, item: Item): void {
    switch (item.kind) {
      case 'use':
        file.line(`${target}.use(${[...this.#paths(item.paths), ...this.#links(file, item.chain)].join(', ')});`);
        return;
      case 'route':
        this.#route(file, target, item);
        return;
      case 'cover':
        file.line(`${target}.${item.method}(${[this.#path(item.path), ...this.#links(file, item.chain)].join(', ')});`);
        return;
      case 'param':
        file.line(`${target}.param('${item.name}', ${this.#middleware(file, item.middleware)});`);
        return;
      case 'chain': {
        if (item.calls.length === 0) return;
        file.line(`${target}.route(${this.#path(item.path)})`);
        item.calls.forEach((call, index) => {
          const functions = [...this.#links(file, call.chain), ...call.handler ? [this.#handler(file, call.handler)] : []];
          file.line(`  .${call.method}(${functions.join(', ')})${index === item.calls.length - 1 ? ';' : ''}`);
        });
        return;
      }
      case 'conditional': {
        file.line(`if (process.env.${item.flag} === 'on') {`);
        const { indent } = file;
        file.indent = `${indent}  `;
        this.#items(file, target, isApplication, item.items);
        file.indent = indent;
        file.line('}');
        return;
      }
      case 'mount': {
        const child = this.#router(file, item.child);
        file.line(`${target}.use(${[...this.#paths(item.paths), ...this.#links(file, item.before), child].join(', ')});`);
        if (item.again) file.line(`${target}.use(${["'/copy'", ...this.#links(file, item.again), child].join(', ')});`);
        for (const route of item.late) this.#route(file, child, route);
        return;
      }
      case 'errorHandler':
        file.line(`${target}.use((error, req, res, next) => { res.status(500).json({ message: error.message }); });`);
        return;
      case 'setting':
      case 'lookalike': {
        const name = this.#next('title');
        if (item.kind === 'lookalike' || !isApplication) {
          file.line(`const ${name} = new Map().get('/users');`);
          return;
        }
        file.line(`${target}.set('${name}', 'A title');`);
        file.line(`const ${name} = ${target}.get('${name}');`);
        return;
      }
    }
  }

  #route(file: File, target: string, route: Route): void {
    const call = [this.#paths(route.paths).join(), ...this.#links(file, route.chain), this.#handler(file, route.handler)].join(', ');
    if (route.call === 'computed') {
      const verb = this.#next('verb');
      file.line(`const ${verb} = '${route.method}';`);
      file.line(`${target}[${verb}](${call});`);
    } else {
      file.line(route.call === 'bracket' ? `${target}['${route.method}'](${call});` : `${target}.${route.method}(${call});`);
    }
  }

  /** Writes the child and answers the expression that the parent mounts. */
  #router(parent: File, router: Router): string {
    const name = this.#next('router');
    const created = router.isApplication ? 'express()' : `express.Router(${router.mergeParams ? '{ mergeParams: true }' : ''})`;
    switch (router.style) {
      case 'inline':
        parent.defaults.set('express', 'express');
        parent.line(`const ${name} = ${created};`);
        this.#items(parent, name, router.isApplication, router.items);
        return name;
      case 'chained':
        this.#chained(parent, name, created, router);
        return name;
      case 'table':
        this.#table(parent, name, created, router);
        return name;
      case 'module': {
        const file = this.#file(name);
        file.defaults.set('express', 'express');
        file.line(`const router = ${created};`);
        this.#items(file, 'router', router.isApplication, router.items);
        file.defaultExport = 'router';
        parent.defaults.set(`./${name}`, name);
        return name;
      }
      case 'function': {
        const file = this.#file(name);
        file.line('const register = (router) => {');
        file.indent = '  ';
        this.#items(file, 'router', router.isApplication, router.items);
        file.indent = '';
        file.line('};');
        file.defaultExport = 'register';
        parent.defaults.set(`./${name}`, `register${name}`);
        parent.defaults.set('express', 'express');
        parent.line(`const ${name} = ${created};`);
        parent.line(`register${name}(${name});`);
        return name;
      }
      case 'class': {
        const file = this.#file(name);
        file.defaults.set('express', 'express');
        file.line('class Api {');
        file.line('  constructor() {');
        file.line(`    this.router = ${created};`);
        file.line('    this.init();');
        file.line('  }');
        file.line('');
        file.line('  init() {');
        file.indent = '    ';
        this.#items(file, 'this.router', router.isApplication, router.items);
        file.indent = '';
        file.line('  }');
        file.line('}');
        file.defaultExport = 'Api';
        parent.defaults.set(`./${name}`, `Api${name}`);
        parent.line(`const ${name} = new Api${name}().router;`);
        return name;
      }
    }
  }

  // express.Router().use(a).get('/x', b)
  #chained(file: File, name: string, created: string, router: Router): void {
    file.defaults.set('express', 'express');
    const firstOther = router.items.findIndex((item) => item.kind !== 'use' && item.kind !== 'route');
    const length = firstOther === -1 ? router.items.length : firstOther;
    file.line(`const ${name} = ${created}${length === 0 ? ';' : ''}`);
    router.items.slice(0, length).forEach((item, index) => {
      const end = index === length - 1 ? ';' : '';
      if (item.kind === 'use') file.line(`  .use(${[...this.#paths(item.paths), ...this.#links(file, item.chain)].join(', ')})${end}`);
      if (item.kind === 'route') file.line(`  .${item.method}(${[this.#paths(item.paths).join(), ...this.#links(file, item.chain), this.#handler(file, item.handler)].join(', ')})${end}`);
    });
    this.#items(file, name, router.isApplication, router.items.slice(length));
  }

  // for (const row of rows) router[row.method](row.path, ...row.middleware, row.handler);
  #table(file: File, name: string, created: string, router: Router): void {
    file.defaults.set('express', 'express');
    file.line(`const ${name} = ${created};`);
    let rows: Route[] = [];
    const flush = () => {
      if (rows.length === 0) return;
      const table = this.#next('rows');
      file.line(`const ${table} = [`);
      const lines = rows.map((route) => file.line(`  { method: '${route.method}', path: ${this.#paths(route.paths).join()}, middleware: [${this.#links(file, route.chain).join(', ')}], handler: ${this.#handler(file, route.handler)} },`));
      file.line('];');
      const line = file.line(`for (const row of ${table}) ${name}[row.method](row.path, ...row.middleware, row.handler);`);
      file.tables.push({ line, rows: lines });
      rows = [];
    };
    for (const item of router.items) {
      if (item.kind === 'route') {
        rows.push(item);
        continue;
      }
      flush();
      this.#item(file, name, router.isApplication, item);
    }
    flush();
  }

  #paths(paths: readonly Path[]): string[] {
    if (paths.length === 0) return [];
    const printed = paths.map((path) => this.#path(path));
    return [printed.length === 1 ? printed.join() : `[${printed.join(', ')}]`];
  }

  #path(path: Path): string {
    const isFive = this.#program.major === 5;
    switch (path.kind) {
      case 'literal': return `'${path.text}'`;
      case 'wildcard': return `'${path.base}/${isFive ? '*splat' : '*'}'`;
      case 'optional': return `'${path.base}${isFive ? '{/:page}' : '/:page?'}'`;
      case 'expression': return expressions[path.index]!.source;
    }
  }

  #links(file: File, links: readonly Link[]): string[] {
    return links.map(({ middleware, brackets }) => '['.repeat(brackets) + this.#middleware(file, middleware) + ']'.repeat(brackets));
  }

  #middleware(file: File, middleware: Middleware): string {
    switch (middleware.kind) {
      case 'guard':
      case 'populate':
      case 'limiter': return this.#part(file, middleware.name);
      case 'pass': return this.#part(file, 'log');
      case 'error': return this.#part(file, 'onError');
      case 'validate': return this.#part(file, 'validateText');
      case 'inverse': return this.#part(file, 'onlyAnonymous');
      case 'known': return this.#part(file, 'requireKnown');
      case 'tenant': return this.#part(file, 'requireForTenant');
      case 'strict': return `${this.#part(file, 'requireLogin')}({ strict: ${middleware.strict} })`;
      case 'wrapped': return `${this.#part(file, middleware.wrapper)}(${this.#middleware(file, middleware.inner)})`;
      case 'unless': return `${this.#part(file, 'unlessPath')}(['${middleware.path}'], ${this.#middleware(file, middleware.inner)})`;
      case 'switched': return `${this.#part(file, 'whenOn')}('${middleware.flag}', ${this.#middleware(file, middleware.inner)})`;
      case 'onlyPost': return `${this.#part(file, 'onlyPost')}(${this.#middleware(file, middleware.inner)})`;
      case 'skip': return `${this.#part(file, 'skipTo')}('${middleware.to}', ${middleware.everybody})`;
    }
  }

  #handler(file: File, handler: Handler): string {
    const name = this.#next('handler');
    const home = handler.place === 'controllers' ? this.#file('controllers') : file;
    const check = this.#check(home, handler.check);
    const isAsync = handler.isAsync || handler.check === 'three';
    const work = `res.json({ reached: '${name}' });`;
    const statements = check ? `${check} ${work}` : work;
    let expression = `${isAsync ? 'async ' : ''}(req, res) => { ${statements} }`;
    if (home !== file) {
      home.line(`${isAsync ? 'async ' : ''}function ${name}(req, res) { ${statements} }`);
      home.exported.add(name);
      this.#import(file, './controllers', name);
      expression = name;
    }
    return handler.wrapper === 'none' ? expression : `${this.#part(file, handler.wrapper)}(${expression})`;
  }

  #check(file: File, check: Handler['check']): string {
    switch (check) {
      case 'none': return '';
      case 'inline': return 'if (!req.headers.authorization) return res.sendStatus(401);';
      case 'one': return `if (!${this.#part(file, 'userOf')}(req)) return res.status(403).end();`;
      case 'two': return `if (${this.#part(file, 'refused')}(req, res)) return;`;
      case 'three': return `await ${this.#part(file, 'requireUser')}(req);`;
      case 'ignored': return `${this.#part(file, 'userOf')}(req);`;
      case 'populated': return 'if (!req.user) return res.redirect(\'/login\');';
      case 'limited': return `if (${this.#part(file, 'exceeded')}(req)) return res.status(429).json({ message: 'later' });`;
      case 'successFalse': return 'if (!req.headers[\'x-access-token\']) return res.json({ success: false });';
    }
  }
}
