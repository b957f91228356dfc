declare module 'path-to-regexp-v0' {
  interface Key {
    readonly name: string | number;
    readonly optional: boolean;
    readonly offset: number;
  }
  type Path = string | RegExp | readonly Path[];
  /** Fills `keys` with one entry a capturing group. Throws a SyntaxError where the resulting expression is none. */
  export default function pathToRegexp(
    path: Path,
    keys: Key[],
    options: { readonly sensitive?: boolean; readonly strict?: boolean; readonly end?: boolean },
  ): RegExp;
}
