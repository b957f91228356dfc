import fc from 'fast-check';
import type { TSESTree } from '@typescript-eslint/types';
import { type Span, spanOf } from '../../src/interpreter/spans.ts';
import { children } from '../../src/interpreter/walk.ts';
import { createParse } from '../../src/project/parse.ts';

/** What somebody does to a file; the numbers choose among the places there are. */
export interface Edit {
  readonly file: number;
  readonly place: number;
  readonly other: number;
  readonly kind: 'insert' | 'remove' | 'copy' | 'line' | 'top-level';
  readonly statement: string;
  /** Whether the file stays like that, as one that was saved, or is as it was before for the next edit. */
  readonly isSaved: boolean;
}

const STATEMENTS = [
  'if (!req.headers.authorization) return res.status(401).end();',
  "if (!req.user) throw new Error('no');",
  'return next();',
  'if (options.open) return next();',
  'console.log(scope, router, app);',
  'return;',
  'res.json({});',
  "console.log('seen');",
  "if (process.env.FLAG_A === 'on') return res.sendStatus(403);",
  "const login = () => (req.user ? 1 : res.redirect('/login')); login();",
  'const { user } = req; if (user === undefined) { res.status(403).json({}); return; }',
  "if (hits.get(req.ip) > 5) return res.status(429).end('too many requests');",
];

export const edit: fc.Arbitrary<Edit> = fc.record({
  file: fc.nat(),
  place: fc.nat(),
  other: fc.nat(),
  kind: fc.constantFrom('insert', 'insert', 'remove', 'copy', 'line', 'top-level'),
  statement: fc.constantFrom(...STATEMENTS),
  isSaved: fc.boolean(),
});

const parse = createParse();

/** The text afterwards; undefined where the edit cannot be made, or leaves what is no program. */
export function edited(file: string, text: string, { place, other, kind, statement }: Edit): string | undefined {
  const module = parse(file, text);
  if (!module.ok) return undefined;
  const bodies = bodiesIn(module.program);
  const body = bodies[place % bodies.length];
  const replaced = ({ start, end }: Span, by: string): string => text.slice(0, start) + by + text.slice(end);
  const result = ((): string | undefined => {
    switch (kind) {
      case 'line': {
        const lines = text.split('\n');
        return lines.toSpliced(place % lines.length, 0, other % 2 === 0 ? '' : '// a comment').join('\n');
      }
      case 'top-level': return removed(module.program.body);
      case 'insert': {
        const before = body?.body[other % body.body.length];
        const at = before ? spanOf(before).start : body && spanOf(body).start + 1;
        return at === undefined ? undefined : replaced({ start: at, end: at }, `${statement}${place % 2 === 0 ? '\n' : ' '}`);
      }
      case 'remove': return body && removed(body.body);
      case 'copy': {
        const from = bodies[other % bodies.length];
        return body && from && replaced(spanOf(body), text.slice(spanOf(from).start, spanOf(from).end));
      }
    }
  })();
  return result !== undefined && parse(file, result).ok ? result : undefined;

  function removed(statements: readonly TSESTree.Node[]): string | undefined {
    const statementThere = statements[other % statements.length];
    return statementThere && replaced(spanOf(statementThere), '');
  }
}

function bodiesIn(node: TSESTree.Node): TSESTree.BlockStatement[] {
  const own = (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression') && node.body?.type === 'BlockStatement' ? [node.body] : [];
  return [...own, ...children(node).flatMap(bodiesIn)];
}
