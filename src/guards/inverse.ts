import type { TSESTree } from '@typescript-eslint/types';
import { children } from '../interpreter/walk.ts';

/**
 * True for code that only turns a request away: what a request *with* a credential would have run, where the
 * check is for strangers only.
 *
 *     if (req.user) return res.redirect('/')
 *     res.render('login')
 */
export function onlyTurnsAway(code: readonly TSESTree.Node[]): boolean {
  const statements = code.flatMap((node): readonly TSESTree.Node[] => (node.type === 'BlockStatement' ? node.body : [node]));
  if (statements.length === 0) return false;
  let turnsAway = false;
  for (const statement of statements) {
    if (statement.type === 'ThrowStatement') {
      turnsAway = true;
      continue;
    }
    const expression = statement.type === 'ReturnStatement' ? statement.argument : statement.type === 'ExpressionStatement' ? statement.expression : statement.type === 'CallExpression' ? statement : undefined;
    if (statement.type === 'ReturnStatement' && !expression) continue;
    if (!expression) return false;
    const called = calledNames(expression);
    if (!called) return false;
    if (called.refuses) turnsAway = true;
    else if (!called.prepares) return false;
  }
  return turnsAway;
}

/**
 * True for code that is one answer, by the same method, and nothing else: two faces of one page.
 *
 *     if (req.user) { res.render('home') } else { res.render('landing') }
 */
export function onlyAnswers(code: readonly TSESTree.Node[], method: string | undefined): boolean {
  const statements = code.flatMap((node): readonly TSESTree.Node[] => (node.type === 'BlockStatement' ? node.body : [node]));
  const [only] = statements;
  if (statements.length !== 1 || !only || method === undefined) return false;
  const expression = only.type === 'ReturnStatement' ? only.argument : only.type === 'ExpressionStatement' ? only.expression : undefined;
  return expression?.type === 'CallExpression' && expression.callee.type === 'MemberExpression' && expression.callee.property.type === 'Identifier' && expression.callee.property.name === method;
}

/**
 * True for code that shows the page too: it is there for everybody, with more on it for some.
 *
 *     if (!req.user) return res.render('home', data)
 *     res.render('home', { ...data, user: await find(req.user.id) })
 */
export function showsPage(code: readonly TSESTree.Node[], page: string): boolean {
  return code.some((node) => {
    if (node.type === 'CallExpression' && node.callee.type === 'MemberExpression' && node.callee.property.type === 'Identifier' && node.callee.property.name === 'render') {
      const [first] = node.arguments;
      if (first?.type === 'Literal' && first.value === page) return true;
    }
    return showsPage(children(node), page);
  });
}

interface Called {
  readonly refuses: boolean;
  readonly prepares: boolean;
}

const PREPARES: ReadonlySet<string> = new Set(['flash', 'log', 'info', 'warn', 'debug', 'error', 'cookie', 'clearCookie', 'set', 'header']);

function calledNames(expression: TSESTree.Expression): Called | undefined {
  let node: TSESTree.Node = expression.type === 'AwaitExpression' ? expression.argument : expression;
  if (node.type === 'Identifier') return undefined;
  let refuses = false;
  let prepares = false;
  while (node.type === 'CallExpression' || node.type === 'MemberExpression') {
    if (node.type === 'CallExpression') {
      const name = node.callee.type === 'MemberExpression' && node.callee.property.type === 'Identifier' ? node.callee.property.name : node.callee.type === 'Identifier' ? node.callee.name : '';
      const [first] = node.arguments;
      if (name === 'redirect') refuses = true;
      else if ((name === 'status' || name === 'sendStatus' || name === 'writeHead') && first?.type === 'Literal' && Number(first.value) >= 400) refuses = true;
      else if (name === 'next' && first) refuses = true;
      else if (PREPARES.has(name)) prepares = true;
      node = node.callee;
    } else node = node.object;
  }
  return { refuses, prepares };
}
