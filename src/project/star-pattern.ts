/** What `*` stands for where `pattern` matches the text: in tsconfig `paths` and in package.json `exports` at most one occurs. */
export function matchStar(pattern: string, text: string): { readonly star: string; readonly prefixLength: number } | undefined {
  const [prefix = '', suffix] = pattern.split('*', 2);
  if (suffix === undefined || text.length < prefix.length + suffix.length) return undefined;
  if (!text.startsWith(prefix) || !text.endsWith(suffix)) return undefined;
  return { star: text.slice(prefix.length, text.length - suffix.length), prefixLength: prefix.length };
}
