import { identityOf, textOf } from '../text.ts';
import type { Labels } from '../labels.ts';
import { type Site, type TextPart, type Value, withLabels } from '../values.ts';

const FIRST_PLACEHOLDER = 0xe000;
const LAST_PLACEHOLDER = 0xf8ff;

/** Whether the text begins with `search`, as far as the parts that are known can tell. */
export function textStartsWith(parts: readonly TextPart[], search: readonly TextPart[]): boolean | undefined {
  const { rest, searchRest, differs } = skipCommonStart(parts, search);
  if (differs) return false;
  if (searchRest.length === 0) return true;
  return rest.length === 0 && typeof searchRest[0] === 'string' ? false : undefined;
}

export function textEndsWith(parts: readonly TextPart[], search: readonly TextPart[]): boolean | undefined {
  return textStartsWith(reversed(parts), reversed(search));
}

export function textIncludes(parts: readonly TextPart[], search: string): boolean | undefined {
  if (parts.some((part) => typeof part === 'string' && part.includes(search))) return true;
  return parts.every((part) => typeof part === 'string') ? parts.join('').includes(search) : undefined;
}

export function sameText(left: readonly TextPart[], right: readonly TextPart[]): boolean | undefined {
  const start = skipCommonStart(left, right);
  if (start.differs) return false;
  if (start.rest.length === 0 && start.searchRest.length === 0) return true;
  if (start.rest.length === 0 || start.searchRest.length === 0) {
    // What is left over is empty only if it holds no known character.
    return [...start.rest, ...start.searchRest].some((part) => typeof part === 'string' && part !== '') ? false : undefined;
  }
  return skipCommonStart(reversed(left), reversed(right)).differs ? false : undefined;
}

/**
 * Applies a host function to a text that is known in parts, as if each unknown part were one inert
 * character. Undefined where an unknown part does not come through, or the text holds private-use characters.
 */
export function throughPlaceholders(
  texts: readonly (readonly TextPart[])[], operation: (texts: readonly string[]) => string,
): readonly TextPart[] | undefined {
  const unknowns: Exclude<TextPart, string>[] = [];
  const encoded = texts.map((parts) => parts.map((part) => {
    if (typeof part === 'string') return part;
    unknowns.push(part);
    return String.fromCharCode(FIRST_PLACEHOLDER + unknowns.length - 1);
  }).join(''));
  const hasForeign = texts.some((parts) => parts.some((part) => typeof part === 'string' && /[\ue000-\uf8ff]/.test(part)));
  if (hasForeign || unknowns.length > LAST_PLACEHOLDER - FIRST_PLACEHOLDER) return undefined;
  const result: TextPart[] = [];
  const seen = new Set<number>();
  for (const piece of operation(encoded).split(/([\ue000-\uf8ff])/)) {
    const index = piece.charCodeAt(0) - FIRST_PLACEHOLDER;
    const part = unknowns[index];
    if (part === undefined) {
      if (piece !== '') result.push(piece);
    } else {
      seen.add(index);
      result.push(part);
    }
  }
  return seen.size === unknowns.length ? result : undefined;
}

/** The value of a text in parts; one unknown part alone is that value itself. */
export function textValue(parts: readonly TextPart[], labels: Labels, site: Site | undefined): Value {
  const filled = parts.filter((part) => part !== '');
  const [first] = filled;
  return filled.length === 1 && first !== undefined && typeof first !== 'string' ? withLabels(first, labels) : textOf(filled, site, labels);
}

interface Remainder {
  readonly rest: readonly TextPart[];
  readonly searchRest: readonly TextPart[];
  /** A known character of one differs from a known character of the other. */
  readonly differs: boolean;
}

function skipCommonStart(text: readonly TextPart[], search: readonly TextPart[]): Remainder {
  const rest = text.filter((part) => part !== '');
  const searchRest = search.filter((part) => part !== '');
  while (rest.length > 0 && searchRest.length > 0) {
    const [part, searchPart] = [rest[0] as TextPart, searchRest[0] as TextPart];
    if (typeof part === 'string' && typeof searchPart === 'string') {
      const length = Math.min(part.length, searchPart.length);
      if (part.slice(0, length) !== searchPart.slice(0, length)) return { rest, searchRest, differs: true };
      dropStart(rest, part, length);
      dropStart(searchRest, searchPart, length);
    } else if (isSamePart(part, searchPart)) {
      rest.shift();
      searchRest.shift();
    } else {
      break;
    }
  }
  return { rest, searchRest, differs: false };
}

function dropStart(parts: TextPart[], first: string, length: number): void {
  if (first.length === length) parts.shift();
  else parts[0] = first.slice(length);
}

function isSamePart(left: TextPart, right: TextPart): boolean {
  if (left === right) return true;
  if (typeof left === 'string' || typeof right === 'string') return false;
  const identity = identityOf(left);
  return identity !== undefined && identity === identityOf(right);
}

function reversed(parts: readonly TextPart[]): TextPart[] {
  return parts.toReversed().map((part) => (typeof part === 'string' ? [...part].toReversed().join('') : part));
}
