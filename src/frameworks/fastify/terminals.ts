import type { TerminalRow } from '../../guards/catalogue/row.ts';
import type { Interpreter } from '../../interpreter/interpreter.ts';
import { type External, HeapObject, type Site, type Value } from '../../interpreter/values.ts';
import { BEFORE_HANDLER, type Scope } from './state.ts';
import { textsOf } from './texts.ts';

/** Options by which plugins are told where to serve what they bring. */
const PATH_OPTIONS = ['prefix', 'routePrefix', 'endpoint', 'path'] as const;

/** A plugin that answers below a path of its own: files, documentation, a gateway. */
export function mountTerminal(interpreter: Interpreter, scope: Scope, terminal: External, row: TerminalRow, options: Value, site: Site): void {
  const given = options instanceof HeapObject ? PATH_OPTIONS.flatMap((name) => textsOf(interpreter, interpreter.get(options, name, site))) : [];
  const path = given.find(({ text }) => text !== '')?.text ?? row.at ?? '/';
  const hooks = row.hooks !== undefined && options instanceof HeapObject ? interpreter.get(options, row.hooks, site) : undefined;
  const own = interpreter.object(hooks instanceof HeapObject ? BEFORE_HANDLER.map((name) => [name, interpreter.get(hooks, name, site)] as const) : [], site);
  scope.application.routes.push({
    scope,
    methods: ['USE'],
    path: `${scope.prefix}${path.startsWith('/') ? path : `/${path}`}` || '/',
    options: own,
    handlers: [{ handler: { value: terminal, conditions: [] }, isWebSocket: false }],
    conditions: [...interpreter.conditions],
    site,
    place: site,
    cause: scope.application.cause,
    hooks: [],
  });
}
