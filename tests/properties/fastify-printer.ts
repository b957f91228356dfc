import type { AutoFolder, Autoload, Item, Program, Route, RouteHook, Scope } from './fastify-program.ts';
import { bearerOptions, expressionOf, type FunctionName, functionTexts, setups } from './fastify-parts.ts';

/** The files of a program by name. */
export type Files = ReadonlyMap<string, string>;

/** What a deployment may set to `on`. */
export const FLAG = 'FLAG_A';

/** The body of one plugin's function, as it is being written. */
interface Body {
  /** The name of its instance. */
  readonly instance: string;
  readonly depth: number;
  readonly canAwait: boolean;
  /** Its instance is that of the plugin around it. */
  readonly isShared: boolean;
  /** A route at `/` has a place of its own. */
  freeRoot: boolean;
  /** The limiter's decorations are there. */
  hasRateLimit: boolean;
}

/** Writes the program; the same one always gives the same files. */
export function printProgram(program: Program): Files {
  return new Printer(program).print();
}

class Printer {
  private readonly program: Program;
  private readonly files = new Map<string, string>();
  private count = 0;
  private hasBearer = false;
  private hasNotFound = false;

  constructor(program: Program) {
    this.program = program;
  }

  print(): Files {
    const { items, modules, hasUnusedPlugin } = this.program;
    const body: Body = { instance: 'app', depth: 1, canAwait: true, isShared: false, freeRoot: true, hasRateLimit: false };
    const lines = this.lines(items, body);
    // A program without a route says nothing.
    lines.push(...this.route({ ...closing, config: 'none' }, body));
    if (hasUnusedPlugin) this.file('unused', this.plugin(['scope1.get(\'/unused\', async () => ({ reached: \'unused\' }));'], 'scope1', 'plain'));
    const all = [...lines, ...this.files.values()].join('\n');
    const used = setups.filter(({ needs }) => needs.test(all));
    const text = [...used.flatMap((setup) => setup.lines).map((line) => `  ${line}`), ...this.local(lines, 1), ...lines].join('\n');
    const imports: [string, string][] = [['fastify', 'fastify'], ...used.flatMap((setup) => setup.imports.map(([name, from]): [string, string] => [name, from]))];
    const head = this.program.modules === 'module' ? 'export async function build() {' : 'exports.build = async () => {';
    const end = this.program.modules === 'module' ? '}' : '};';
    this.file('app', [head, '  const app = fastify();', text, '  return app;', end].join('\n'), imports);
    this.file('guards', this.guards());
    if (all.includes('.authenticate')) this.file('authentication', this.plugin(["scope1.decorate('authenticate', requireToken);"], 'scope1', 'fastify-plugin'));
    this.files.set('package.json', JSON.stringify({ name: 'program', private: true, type: modules, main: 'app.js', dependencies: { fastify: `^${this.program.major}.0.0` } }));
    return this.files;
  }

  private guards(): string {
    const names = functionTexts.map(([name]) => name);
    const texts = functionTexts.map(([name, text]) => `const ${name} = ${text};`);
    return ['const seen = new Map();', ...texts, this.program.modules === 'module' ? `export { ${names.join(', ')} };` : `Object.assign(exports, { ${names.join(', ')} });`].join('\n');
  }

  /** What a body makes for itself. */
  private local(lines: readonly string[], depth: number): string[] {
    return lines.some((line) => /\blimitByHand\b/.test(line) && !line.includes('createLimiter')) ? [`${'  '.repeat(depth)}const limitByHand = createLimiter();`] : [];
  }

  /** A file, with imports of what its text mentions. */
  private file(name: string, text: string, given: readonly (readonly [string, string])[] = []): void {
    const up = '../'.repeat(name.split('/').length - 1);
    const imports = [...given, ...(/\bpath\.join\(/.test(text) ? [['path', 'node:path'] as const] : []), ...(/\brateLimit,/.test(text) ? [['rateLimit', '@fastify/rate-limit'] as const] : []), ...(/\bautoload,/.test(text) ? [['autoload', '@fastify/autoload'] as const] : []),
      ...(/\bbearerAuth,/.test(text) ? [['bearerAuth', '@fastify/bearer-auth'] as const] : []), ...(/\bfp\(/.test(text) ? [['fp', 'fastify-plugin'] as const] : [])];
    const functions = name === 'guards' ? [] : functionTexts.map(([one]) => one).filter((one) => new RegExp(`\\b${one}\\b`).test(text));
    const plugins = [...new Set(text.match(/\bplugin\d+\b/g) ?? [])].filter((one) => one !== name && this.files.has(`${one}.js`));
    const isModule = this.program.modules === 'module';
    const from = (source: string): string => (source.startsWith('./') ? `./${up}${source.slice(2)}.js` : source).replace('./../', '../');
    const head = [
      ...[...imports, ...plugins.map((one) => [one, `./${one}`] as const)].map(([one, source]) => (isModule ? `import ${one} from '${from(source)}';` : `const ${one} = require('${from(source)}');`)),
      ...(functions.length > 0 ? [isModule ? `import { ${functions.join(', ')} } from '${from('./guards')}';` : `const { ${functions.join(', ')} } = require('${from('./guards')}');`] : []),
    ];
    this.files.set(`${name}.js`, [...head, '', text, ''].join('\n'));
  }

  /** A module that exports a plugin with that body. */
  private plugin(lines: readonly string[], instance: string, wrap: Scope['wrap']): string {
    const isModule = this.program.modules === 'module';
    const start = isModule ? 'export default ' : 'module.exports = ';
    const body = [...this.local(lines, 1), ...lines.map((line) => (line.startsWith('  ') ? line : `  ${line}`))];
    if (wrap === 'skip-override') return [`const plugin = async (${instance}) => {`, ...body, '};', "plugin[Symbol.for('skip-override')] = true;", `${start}plugin;`].join('\n');
    const [open, close] = wrapping(wrap);
    return [`${start}${open}async (${instance}) => {`, ...body, `}${close};`].join('\n');
  }

  private lines(items: readonly Item[], body: Body): string[] {
    return items.flatMap((item) => this.item(item, body));
  }

  private item(item: Item, body: Body): string[] {
    const { instance, canAwait, depth } = body;
    const pad = '  '.repeat(depth);
    switch (item.kind) {
      case 'route': return this.route(item, body);
      case 'scope': return this.scope(item, body);
      case 'autoload': return this.autoload(item, body);
      case 'hook': return [`${pad}${instance}.addHook('${item.phase}', ${expressionOf(item.name, instance)});`];
      case 'late hook': return [`${pad}${instance}.addHook('${item.phase}', ${lateHook(item.phase)});`];
      case 'limiter': {
        const isAwaited = canAwait && item.awaited !== 'no';
        if (isAwaited) body.hasRateLimit = true;
        const options = ['max: 2', ...(item.isGlobal ? [] : ['global: false']), ...(item.hook === 'onRequest' ? [] : ["hook: 'preHandler'"]), ...(item.exempts === 'nobody' ? [] : [item.exempts === 'a list' ? "allowList: ['10.1.2.3']" : 'allowList: () => true'])];
        const register = `${instance}.register(rateLimit, { ${options.join(', ')} });`;
        if (!isAwaited) return [pad + register];
        // Fastify never starts where such a plugin waits for after() and then for a plugin.
        return item.awaited === 'register' || body.isShared ? [`${pad}await ${register}`] : [pad + register, `${pad}await ${instance}.after();`];
      }
      case 'onRoute': return [`${pad}${instance}.addHook('onRoute', (route) => {`, `${pad}  if (route.config?.secured) route.onRequest = [...[route.onRequest ?? []].flat(), requireToken];`, `${pad}});`];
      case 'onRegister': return [`${pad}${instance}.addHook('onRegister', (registered) => {`, `${pad}  registered.addHook('${item.phase}', ${expressionOf(item.name, 'registered')});`, `${pad}});`];
      case 'bearer': {
        if (this.hasBearer) return [];
        this.hasBearer = true;
        return [`${pad}${instance}.register(bearerAuth, { ${bearerOptions}${item.addHook ? '' : ', addHook: false'} });`];
      }
      case 'after': return [`${pad}${instance}.after(() => {`, ...this.lines(item.items, { ...body, depth: depth + 1, canAwait: false, freeRoot: false }), `${pad}});`];
      case 'switch': return [`${pad}if (process.env.${FLAG} === 'on') {`, ...this.lines(item.items, { ...body, depth: depth + 1, canAwait: false, freeRoot: false }), `${pad}}`];
      case 'loop': return [`${pad}for (const plugin of [`, ...item.bodies.flatMap((one) => this.inline(one, depth + 1, 'async', '', ',')), `${pad}]) ${instance}.register(plugin);`];
      case 'chain': {
        const [first = '', ...rest] = this.inline(item.items, depth, 'async', `${instance}.register(`, ')');
        const last = rest.pop() ?? '';
        return [first, ...rest, last + this.route({ ...item.route, style: 'shorthand' }, { ...body, instance: '', depth: 0, freeRoot: false, hasRateLimit: false }, instance).join('\n')];
      }
      case 'not found': {
        if (this.hasNotFound) return [];
        this.hasNotFound = true;
        return [`${pad}${instance}.setNotFoundHandler(async (request, reply) => reply.code(404).send({ message: 'nothing here' }));`];
      }
    }
  }

  /** An inline function with that body. */
  private inline(items: readonly Item[], depth: number, style: 'async' | 'callback', before: string, after: string, { hasPrefix, isShared } = { hasPrefix: false, isShared: false }): string[] {
    const pad = '  '.repeat(depth);
    const instance = `scope${depth}`;
    const lines = this.lines(items, { instance, depth: depth + 1, canAwait: style === 'async', isShared, freeRoot: hasPrefix && !isShared, hasRateLimit: false });
    const own = [...this.local(lines, depth + 1), ...lines];
    return style === 'async'
      ? [`${pad}${before}async (${instance}) => {`, ...own, `${pad}}${after}`]
      : [`${pad}${before}(${instance}, options, done) => {`, ...own, `${pad}  done();`, `${pad}}${after}`];
  }

  private scope({ wrap, style, hasPrefix, isAwaited, isRepeated, items }: Scope, body: Body): string[] {
    const { instance, depth } = body;
    const pad = '  '.repeat(depth);
    const start = body.canAwait && isAwaited ? 'await ' : '';
    const isOwn = wrap === 'plain' || wrap === 'encapsulate';
    const prefix = hasPrefix ? `, { prefix: '/p${++this.count}' }` : '';
    const [open, close] = wrapping(wrap);
    if (style === 'inline' || style === 'callback') {
      // Such a function has no name to mark it by.
      if (wrap === 'skip-override') return this.inline(items, depth, style === 'inline' ? 'async' : 'callback', `${start}${instance}.register(Object.assign(`, `, { [Symbol.for('skip-override')]: true })${prefix});`, { hasPrefix, isShared: true });
      return this.inline(items, depth, style === 'inline' ? 'async' : 'callback', `${start}${instance}.register(${open}`, `${close}${prefix});`, { hasPrefix, isShared: !isOwn });
    }
    const name = `plugin${++this.count}`;
    const lines = this.lines(items, { instance: 'scope1', depth: 1, canAwait: true, isShared: !isOwn, freeRoot: hasPrefix && isOwn, hasRateLimit: false });
    this.file(name, this.plugin(lines, 'scope1', wrap));
    const value = style === 'file' ? name : `import('./${name}.js')`;
    const again = isRepeated && isOwn && hasPrefix ? [`${pad}${instance}.register(${value}, { prefix: '/p${++this.count}' });`] : [];
    return [`${pad}${start}${instance}.register(${value}${prefix});`, ...again];
  }

  private autoload({ tree, autoHooks, cascadeHooks, hasPrefix, dropsFolderNames, maxDepth, ignoresFolders }: Autoload, { instance, depth }: Body): string[] {
    const folder = `auto${++this.count}`;
    this.folder(folder, tree);
    const here = this.program.modules === 'module' ? 'import.meta.dirname' : '__dirname';
    const options = [
      `dir: path.join(${here}, '${folder}')`,
      ...(autoHooks ? ['autoHooks: true'] : []),
      ...(cascadeHooks ? ['cascadeHooks: true'] : []),
      ...(hasPrefix ? [`options: { prefix: '/p${++this.count}' }`] : []),
      // Which of several folders with one prefix is the last, is for the disk to say.
      ...(dropsFolderNames && (this.program.major === 5 || !autoHooks || isNarrow(tree)) ? ['dirNameRoutePrefix: false'] : []),
      ...(maxDepth === undefined ? [] : [`maxDepth: ${maxDepth}`]),
      ...(ignoresFolders ? ["ignorePattern: /^\\/?folder/"] : []),
    ];
    return [`${'  '.repeat(depth)}${instance}.register(autoload, { ${options.join(', ')} });`];
  }

  private folder(path: string, { hook, hasIndex, route, folders }: AutoFolder): void {
    const body = (): Body => ({ instance: 'scope1', depth: 1, canAwait: true, isShared: false, freeRoot: false, hasRateLimit: false });
    if (hook) this.file(`${path}/autohooks`, this.plugin(this.lines([{ kind: 'hook', phase: 'onRequest', name: hook === 'limitByHand' ? 'requireToken' : hook }], body()), 'scope1', 'plain'));
    this.file(`${path}/${hasIndex ? 'index' : `routes${++this.count}`}`, this.plugin(this.lines([route], body()), 'scope1', 'plain'));
    folders.forEach((one) => this.folder(`${path}/folder${++this.count}`, one));
  }

  /** `called` is the name of the instance where the call has none of its own. */
  private route(route: Route, body: Body, called = body.instance): string[] {
    const pad = '  '.repeat(body.depth);
    const name = `r${++this.count}`;
    const isRoot = route.path === 'root' && body.freeRoot;
    if (isRoot) body.freeRoot = false;
    const path = isRoot ? '/' : `/${name}${route.path === 'parameter' ? '/:id' : ''}`;
    const options = this.options(route, body, called);
    const handler = handlerOf(route, name);
    const { instance } = body;
    const list = options.length > 0 ? `, { ${options.join(', ')} }` : '';
    switch (route.style) {
      case 'shorthand': return [`${pad}${instance}.get('${path}'${list}, ${handler});`];
      case 'withTypeProvider': return [`${pad}${instance}.withTypeProvider().get('${path}'${list}, ${handler});`];
      case 'all': return [`${pad}${instance}.all('${path}'${list}, ${handler});`];
      case 'options': return [`${pad}${instance}.post('${path}', { ${[...options, `handler: ${handler}`].join(', ')} });`];
      case 'route()': return [`${pad}${instance}.route({ method: 'DELETE', url: '${path}', ${[...options, `handler: ${handler}`].join(', ')} });`];
      case 'list of methods': return [`${pad}${instance}.route({ method: ['PUT', 'PATCH'], url: '${path}', ${[...options, `handler: ${handler}`].join(', ')} });`];
    }
  }

  private options({ hooks, config, hasStrayLimit, hasLimiterHook }: Route, { hasRateLimit }: Body, instance: string): string[] {
    const byPhase = new Map(hooks.map((hook) => [hook.phase as string, written(hook, instance)]));
    if (hasLimiterHook && hasRateLimit && !byPhase.has('preHandler')) byPhase.set('preHandler', `${instance}.rateLimit({ max: 2 })`);
    return [...[...byPhase].map(([phase, value]) => `${phase}: ${value}`), ...(config === 'none' ? [] : [`config: ${configs[config]}`]), ...(hasStrayLimit ? ['rateLimit: { max: 2 }'] : [])];
  }
}

const configs: Readonly<Record<Exclude<Route['config'], 'none'>, string>> = Object.freeze({
  limited: '{ rateLimit: { max: 2 } }',
  'not limited': '{ rateLimit: false }',
  open: '{ open: true }',
  secured: '{ secured: true }',
  'exempt everyone': '{ rateLimit: { max: 2, allowList: async () => true } }',
});

const closing: Route = { kind: 'route', path: 'plain', style: 'shorthand', hooks: [], config: 'none', hasStrayLimit: false, hasLimiterHook: false, handler: 'async' };

function isNarrow({ folders }: AutoFolder): boolean {
  return folders.length < 2 && folders.every(isNarrow);
}

function wrapping(wrap: Scope['wrap']): readonly [open: string, close: string] {
  if (wrap === 'fastify-plugin') return ['fp(', ')'];
  return wrap === 'encapsulate' ? ['fp(', ', { encapsulate: true })'] : ['', ''];
}

function written({ name, written: style }: RouteHook, instance: string): string {
  const value = expressionOf(name as FunctionName, instance);
  if (style === 'function') return value;
  return style === 'array' ? `[${value}]` : `[...[${value}]]`;
}

function handlerOf({ handler }: Route, name: string): string {
  const answer = `{ reached: '${name}' }`;
  switch (handler) {
    case 'async': return `async () => (${answer})`;
    case 'reply.send': return `(request, reply) => { reply.send(${answer}); }`;
    case 'checks': return `async (request, reply) => { if (!request.headers.authorization) return reply.code(401).send({ message: 'no token' }); return ${answer}; }`;
    case 'checks and goes on': return `async (request) => { if (!request.headers.authorization) request.log.info('a guest'); return ${answer}; }`;
    case 'throws': return `async (request) => { if (!request.headers.authorization) throw new Error('no token'); return ${answer}; }`;
  }
}

function lateHook(phase: string): string {
  if (phase === 'onResponse') return 'throwIfAnonymous';
  if (phase === 'onError') return 'async (request, reply, error) => { request.log.info(error.message); }';
  return phase === 'onSend'
    ? '(request, reply, payload, done) => { if (!request.headers.authorization) reply.header(\'x-guest\', \'yes\'); done(null, payload); }'
    : 'async (request, reply, payload) => (request.headers.authorization ? payload : { ...payload, guest: true })';
}
