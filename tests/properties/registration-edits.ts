import fc from 'fast-check';

/** Programs of several modules whose registration code leans on each other, and edits of their statements. */
export interface ModuleProgram {
  readonly form: 'esm' | 'commonjs';
  readonly modules: Readonly<Record<ModuleName, readonly string[]>>;
}

export type ModuleName = (typeof NAMES)[number];

const NAMES = ['guards', 'shared', 'orders', 'users', 'legacy', 'api', 'app'] as const;

/** Modules whose own statements stand in a function or a method that is called once. */
const WRAPPED: Readonly<Partial<Record<ModuleName, readonly [string, string]>>> = {
  legacy: ['EXPORT function register(router) {', '}'],
  api: ['EXPORT class Api { constructor(router) { this.router = router; this.init(\'/api\'); } init(prefix) {\nconst { router } = this;', '} }'],
};

/** What somebody does to the statements of one module. */
export interface StatementEdit {
  readonly module: ModuleName;
  readonly kind: 'insert' | 'insert' | 'remove' | 'replace' | 'move' | 'alter';
  readonly place: number;
  readonly other: number;
  readonly isSaved: boolean;
}

const GUARDS = ['requireUser', 'requireRole(\'admin\')', 'requireRole(\'owner\')', 'pass', 'shared.guard', '...shared.list', 'limiter', '(req, res, next) => (req.headers.key ? next() : res.status(403).end())', 'shared.chosen()'];
const PATHS = ['/', '/a', '/b', '/:id', '/a/:id', '/*rest'];

const registrations = (on: string): readonly string[] => [
  ...PATHS.flatMap((path, index) => [
    `${on}.get('${path}', ${GUARDS[index % GUARDS.length]}, show);`,
    `${on}.post('${path}', show);`,
    `${on}.use('${path}', ${GUARDS[(index + 3) % GUARDS.length]});`,
  ]),
  ...GUARDS.map((guard) => `${on}.use(${guard});`),
  ...GUARDS.map((guard, index) => `${on}.put('/p${index}', ${guard}, show);`),
  `${on}.route('/r').get(requireUser, show).post(show);`,
  `for (const path of ['/x', '/y']) ${on}.get(path, ...shared.list, show);`,
  `if (process.env.STRICT) ${on}.use(requireUser);`,
  `${on}.get('/own', (req, res) => { if (!req.user) return res.status(401).end(); res.json({}); });`,
  `registerOn(${on});`,
  `registerOn(${on}, requireUser);`,
  `${on}.get('/kept', kept, show);`,
  `${on}.get('/made', made, show);`,
  `${on}.get('/helped', helper, show);`,
  `${on}.param('id', requireUser);`,
];

const DECLARATIONS = [
  'const kept = requireRole(\'kept\');',
  'const kept = pass;',
  'const made = (req, res, next) => (req.headers.made ? next() : res.sendStatus(401));',
  'let made = pass;',
  'function helper(req, res, next) { if (!limit) return next(); kept(req, res, next); }',
  'function helper(req, res, next) { next(); }',
  'const limit = 5;',
  'const limit = 0;',
  'class Kept { constructor() { this.guard = requireUser; } }',
  '// nothing but a comment',
  '',
];

const EFFECTS = [
  'shared.list.push(requireUser);',
  'shared.guard = requireUser;',
  'shared.guard = pass;',
  'setGuard(requireUser);',
  'setGuard(made);',
  'made = requireUser;',
  'shared.count++;',
  'if (shared.count > 1) shared.guard = requireUser;',
  'Promise.resolve().then(() => shared.list.push(pass));',
  'Object.assign(shared, { guard: requireRole(\'assigned\') });',
];

const POOL: Readonly<Record<ModuleName, readonly string[]>> = {
  guards: [...DECLARATIONS, ...EFFECTS, 'EXPORT function extra(req, res, next) { next(); }', 'EXPORT const more = requireRole(\'more\');', 'let seen = 0;', 'seen = 1;'],
  shared: [...DECLARATIONS, ...EFFECTS, 'EXPORT const more = [];'],
  orders: [...registrations('router'), ...registrations('router'), ...DECLARATIONS, ...EFFECTS, 'router.use(\'/users\', users);', 'EXPORT function extra(req, res) { res.json({}); }', 'EXPORT const VERSION = 1;'],
  users: [...registrations('router'), ...registrations('router'), ...DECLARATIONS, ...EFFECTS, 'EXPORT function extra(req, res) { res.json({}); }', 'EXPORT const VERSION = 1;'],
  legacy: [...registrations('router'), ...registrations('router'), ...DECLARATIONS, ...EFFECTS, 'return router;', 'if (process.env.LEGACY) return;'],
  api: [...registrations('router'), ...registrations('this.router'), ...DECLARATIONS, ...EFFECTS, 'router.get(prefix, show);', 'for (const at of [prefix]) router.use(at, requireUser);'],
  app: [...registrations('app'), ...DECLARATIONS, ...EFFECTS, 'app.use(\'/orders\', orders);', 'app.use(\'/users\', requireUser, users);', 'app.use(users);', 'app.use(\'/a\', orders);', 'app.set(\'level\', 2);', 'if (app.get(\'level\')) app.use(requireUser);', 'orders.use(requireUser);', 'users.get(\'/added\', show);'],
};

const FIXED: Readonly<Record<ModuleName, readonly string[]>> = {
  guards: [
    'EXPORT function requireUser(req, res, next) { if (!req.headers.authorization) return res.sendStatus(401); next(); }',
    'EXPORT const pass = (req, res, next) => next();',
    'EXPORT function requireRole(role) { return (req, res, next) => { if (req.headers.role !== role || !req.user) return res.status(403).end(); next(); }; }',
    'EXPORT const limiter = (req, res, next) => { if (hits.get(req.ip) > 5) return res.status(429).end(); next(); };',
    'const hits = new Map();',
    'EXPORT function show(req, res) { res.json({}); }',
  ],
  shared: [
    'IMPORT { pass, requireUser, requireRole } FROM ./guards',
    'EXPORT const shared = { list: [], guard: pass, count: 0, chosen: () => chosen };',
    'let chosen = pass;',
    'EXPORT function setGuard(guard) { chosen = guard; }',
    'EXPORT function registerOn(router, ...guards) { router.get(\'/registered\', ...guards, (req, res) => res.json({})); }',
  ],
  orders: ['IMPORT { Router } FROM express', 'IMPORT { pass, requireUser, requireRole, limiter, show } FROM ./guards', 'IMPORT { shared, setGuard, registerOn } FROM ./shared', 'IMPORT { users } FROM ./users', 'EXPORT const orders = Router();', 'const router = orders;'],
  users: ['IMPORT { Router } FROM express', 'IMPORT { pass, requireUser, requireRole, limiter, show } FROM ./guards', 'IMPORT { shared, setGuard, registerOn } FROM ./shared', 'EXPORT const users = Router();', 'const router = users;'],
  legacy: ['IMPORT { pass, requireUser, requireRole, limiter, show } FROM ./guards', 'IMPORT { shared, setGuard, registerOn } FROM ./shared'],
  api: ['IMPORT { pass, requireUser, requireRole, limiter, show } FROM ./guards', 'IMPORT { shared, setGuard, registerOn } FROM ./shared'],
  app: ['IMPORT express FROM express', 'IMPORT { pass, requireUser, requireRole, limiter, show } FROM ./guards', 'IMPORT { shared, setGuard, registerOn } FROM ./shared', 'IMPORT { orders } FROM ./orders', 'IMPORT { users } FROM ./users', 'IMPORT { register } FROM ./legacy', 'IMPORT { Api } FROM ./api', 'const app = express();', 'app.use(\'/o\', orders);', 'register(app);', 'app.use(\'/u\', users);', 'new Api(app);', 'app.listen(3000);'],
};

const moduleOf = (name: ModuleName): fc.Arbitrary<readonly string[]> => fc.array(fc.tuple(fc.constantFrom(...POOL[name]), fc.nat()), { maxLength: name === 'guards' || name === 'shared' ? 2 : 7 }).map((drawn) => drawn.reduce<readonly string[]>((statements, [statement, place]) => statements.toSpliced(place % (statements.length + 1), 0, statement), FIXED[name]));

export const moduleProgram: fc.Arbitrary<ModuleProgram> = fc.record({
  form: fc.constantFrom('esm' as const, 'commonjs' as const),
  modules: fc.record({ guards: moduleOf('guards'), shared: moduleOf('shared'), orders: moduleOf('orders'), users: moduleOf('users'), legacy: moduleOf('legacy'), api: moduleOf('api'), app: moduleOf('app') }),
});

export const statementEdit: fc.Arbitrary<StatementEdit> = fc.record({
  module: fc.constantFrom('guards', 'shared', 'orders', 'orders', 'users', 'users', 'legacy', 'legacy', 'api', 'app', 'app'),
  kind: fc.constantFrom('insert', 'insert', 'remove', 'replace', 'move', 'alter'),
  place: fc.nat(),
  other: fc.nat(),
  isSaved: fc.boolean(),
});

/** The statements afterwards; undefined where the edit changes nothing. */
export function editedStatements(statements: readonly string[], { module, kind, place, other }: StatementEdit): readonly string[] | undefined {
  const at = place % statements.length;
  const drawn = POOL[module][other % POOL[module].length] as string;
  const old = statements[at] as string;
  switch (kind) {
    case 'insert': return statements.toSpliced(at, 0, drawn);
    case 'remove': return statements.toSpliced(at, 1);
    case 'replace': return statements.toSpliced(at, 1, drawn);
    case 'move': return statements.toSpliced(at, 1).toSpliced(other % statements.length, 0, old);
    case 'alter': {
      const altered = other % 3 === 0 ? old.replace('requireUser', 'pass') : other % 3 === 1 ? old.replace(/'\//, `'/n${other % 7}`) : old.replace(/, (?=show\))/, `, ${GUARDS[other % GUARDS.length] as string}, `);
      return altered === old ? undefined : statements.toSpliced(at, 1, altered);
    }
  }
}

export function printModule(name: ModuleName, form: ModuleProgram['form'], statements: readonly string[]): string {
  const [before, after] = WRAPPED[name] ?? [];
  if (before !== undefined && after !== undefined) {
    const imports = statements.filter((statement) => statement.startsWith('IMPORT '));
    const inside = statements.filter((statement) => !imports.includes(statement));
    const [head = '', ...exports] = printed(form, before).split('\n');
    const opened = form === 'esm' ? printed(form, before) : [head, ...exports].filter((line) => !line.startsWith('exports.')).join('\n');
    return `${[...imports.map((statement) => printed(form, statement)), opened, ...inside, after, ...exports.filter((line) => line.startsWith('exports.'))].join('\n')}\n`;
  }
  return `${statements.map((statement) => printed(form, statement)).join('\n')}\n`;
}

function printed(form: ModuleProgram['form'], statement: string): string {
  const imported = /^IMPORT (.+) FROM (.+)$/.exec(statement);
  if (imported) {
    const [, names = '', from = ''] = imported;
    const file = from.startsWith('.') ? `${from}.js` : from;
    return form === 'esm' ? `import ${names} from '${file}';` : `const ${names} = require('${file}');`;
  }
  if (!statement.startsWith('EXPORT ')) return statement;
  const declaration = statement.slice('EXPORT '.length);
  if (form === 'esm') return `export ${declaration}`;
  const name = /^(?:const|function|class) (\w+)/.exec(declaration)?.[1] ?? '';
  return `${declaration}\nexports.${name} = ${name};`;
}

export function filesOf({ form, modules }: ModuleProgram): ReadonlyMap<string, string> {
  const manifest = JSON.stringify({ name: 'modules', main: 'app.js', type: form === 'esm' ? 'module' : 'commonjs', dependencies: { express: '5.0.0' } });
  return new Map([['package.json', manifest], ...NAMES.map((name): [string, string] => [`${name}.js`, printModule(name, form, modules[name])])]);
}
