import type { TSESTree } from '@typescript-eslint/types';
import type { LoadedModule } from '../modules/loader.ts';
import { spanOf } from '../spans.ts';
import type { Amendable } from './amending.ts';
import { isPlainMethod } from './class-amending.ts';
import { type Mentions, mentionsOf, roleOf } from './statement-roles.ts';

/** What a statement mentions of names that mean something else now. */
export interface StatementMentions extends Mentions {
  /** A class that it declares, and whose decorators are run again where it mentions any. */
  readonly redecorated: TSESTree.ClassDeclaration | undefined;
  /** What a class is made of rests on them: its base, its fields, or what its constructor is given. */
  readonly isInShape: boolean;
}

export function statementMentions(module: LoadedModule, statement: TSESTree.ProgramStatement, names: ReadonlySet<string>, asks: Amendable): StatementMentions {
  const mentions = mentionsOf(statement, names);
  const created = (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') && statement.declaration ? statement.declaration : statement;
  if (created.type !== 'ClassDeclaration') return { ...mentions, redecorated: undefined, isInShape: false };
  const says = (node: TSESTree.Node): boolean => {
    // constructor(private readonly orders: OrdersService)      also as a type
    const text = module.text.slice(module.place(spanOf(node).start), module.place(spanOf(node).end));
    return [...names].some((name) => text.includes(name));
  };
  if (!asks.isRedecorated(created)) return { ...mentions, redecorated: undefined, isInShape: roleOf(statement) === 'other' && says(statement) };
  const shape = [...created.superClass ? [created.superClass] : [], ...created.body.body.filter((member) => !isPlainMethod(member))];
  const isInShape = shape.some(says);
  return { isDirect: false, code: mentions.code, isInShape, redecorated: mentions.isDirect || mentions.code.length > 0 ? created : undefined };
}
