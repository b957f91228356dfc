/** Tells whether a text imports one of the packages. */
export type ImportScan = (text: string) => boolean;

/**
 * A text scan, without a parse, for `import`, `export … from`, `require` and `import()` of some packages.
 * `express` also stands for `express/lib/router`; a name that ends in `/` stands for a whole scope: `@nestjs/`.
 * Answers yes too often (comments, type imports), and no only where the specifier is computed.
 */
export function createImportScan(packages: readonly string[]): ImportScan {
  if (packages.length === 0) return () => false;
  const names = packages.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  const specifiers = names.map((name) => (name.endsWith('/') ? `${name}[^'"\`]+` : `${name}(?:/[^'"\`]*)?`));
  // import x from 'express', import('express'), import(/* note */ 'express'), require('express/lib/router')
  const before = String.raw`(?:\bfrom|\bimport|\brequire(?:\.resolve)?)\s*(?:\(\s*)?(?:/\*[^*]*\*/\s*)?`;
  const pattern = new RegExp(`${before}['"\`](?:${specifiers.join('|')})['"\`]`);
  // The plain search is several times faster than the expression, and most files mention no framework at all.
  return (text) => packages.some((name) => text.includes(name)) && pattern.test(text);
}
