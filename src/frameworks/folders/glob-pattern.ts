/**
 * Of patterns for paths: the folder that all matching paths lie in, and what matches them, both relative to where one
 * looks. Undefined for what is not read here.
 */
export interface GlobPattern {
  readonly folder: string;
  readonly matches: RegExp;
}

const MAGIC = /[*?[\]{}()!]/;

export function globPattern(source: string): GlobPattern | undefined {
  const pattern = source.replace(/^(?:\.\/)+/, '');
  const segments = pattern.split('/');
  const magic = segments.findIndex((segment) => MAGIC.test(segment));
  const text = expressionOf(pattern);
  if (text === undefined) return undefined;
  try {
    return { folder: segments.slice(0, magic === -1 ? -1 : magic).join('/'), matches: new RegExp(`^${text}$`) };
  } catch {
    return undefined;
  }
}

const ENDS: Readonly<Record<string, string>> = { '@': ')', '?': ')?', '*': ')*', '+': ')+', '!': ')[^/]*' };

/** The pattern as an expression. No name that begins with a dot is matched by a star. */
function expressionOf(pattern: string): string | undefined {
  let text = '';
  /** What closes the groups that are open. */
  const open: string[] = [];
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern.charAt(at);
    const isFirst = at === 0 || pattern.charAt(at - 1) === '/';
    if (isFirst && /^\*\*(?:\/|$)/.test(pattern.slice(at))) {
      const isLast = at + 2 >= pattern.length;
      text += isLast ? '(?:(?!\\.)[^/]+/)*(?!\\.)[^/]+' : '(?:(?!\\.)[^/]+/)*';
      at += isLast ? 1 : 2;
    } else if (character in ENDS && pattern.charAt(at + 1) === '(') {
      text += character === '!' ? '(?!(?:' : '(?:';
      open.push(character === '!' ? `)(?=/|$|\\.))${isFirst ? '(?!\\.)' : ''}[^/]*` : ENDS[character] as string);
      at++;
    } else if (character === ')' && open.length > 0 && open.at(-1) !== '}') text += open.pop() as string;
    else if (character === '{') {
      text += '(?:';
      open.push('}');
    } else if (character === '}' && open.at(-1) === '}') {
      open.pop();
      text += ')';
    } else if (open.length > 0 && (character === ',' ? open.at(-1) === '}' : character === '|' && open.at(-1) !== '}')) text += '|';
    else if (character === '*') text += `${isFirst ? '(?!\\.)' : ''}[^/]*`;
    else if (character === '?') text += '[^/]';
    else if (character === '[') {
      const end = pattern.indexOf(']', at + 2);
      if (end === -1) return undefined;
      text += `[${pattern.slice(at + 1, end).replace(/^!/, '^').replaceAll('\\', '\\\\')}]`;
      at = end;
    } else text += character.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  }
  return open.length > 0 ? undefined : text;
}
