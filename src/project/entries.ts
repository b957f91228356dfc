/** A question to the text of files, as plain data: it can be asked again by who evaluated nothing. */
export interface TextQuery {
  /** At least one of them has to occur; a plain search is several times faster than an expression. */
  readonly words: readonly string[];
  /** All of them have to match. */
  readonly patterns: readonly { readonly source: string; readonly flags: string }[];
}

/** Tells whether a text answers the query with yes. */
export type TextScan = (text: string) => boolean;

export function createTextScan({ words, patterns }: TextQuery): TextScan {
  const expressions = patterns.map(({ source, flags }) => new RegExp(source, flags));
  return (text) => words.some((word) => text.includes(word)) && expressions.every((expression) => expression.test(text));
}

/**
 * A text scan, without a parse, for `import`, `export … from`, `require` and `import()` of some packages.
 * `express` also stands for `express/lib/router`; a name that ends in `/` stands for a whole scope: `@nestjs/`.
 * Answers yes too often (comments, type imports), and no only where the specifier is computed. With `having`, only texts that match it too.
 */
export function importQuery(packages: readonly string[], having?: RegExp): TextQuery {
  const names = packages.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const specifiers = names.map((name) => (name.endsWith('/') ? `${name}[^'"\`]+` : `${name}(?:/[^'"\`]*)?`));
  // import x from 'express', import('express'), import(/* note */ 'express'), require('express/lib/router')
  const before = String.raw`(?:\bfrom|\bimport|\brequire(?:\.resolve)?)\s*(?:\(\s*)?(?:/\*[^*]*\*/\s*)?`;
  const source = `${before}['"\`](?:${specifiers.join('|')})['"\`]`;
  return { words: packages, patterns: [{ source, flags: '' }, ...(having === undefined ? [] : [{ source: having.source, flags: having.flags }])] };
}
