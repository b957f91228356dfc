import { RegExpParser, visitRegExpAST } from '@eslint-community/regexpp';
import type { AST } from '@eslint-community/regexpp';

/** What stands at a place of the expression where any text of a kind will do. */
export interface TextSupply {
  /** Texts to try for the capture with this 0-based index, best first. */
  capture(index: number): Iterable<string>;
  /** A text for the n-th repetition of a character that nothing captures. */
  run(ordinal: number): string;
}

/** Texts a generator gives up after; each is one choice among the alternatives and optional parts. */
const VARIANT_LIMIT = 8;
/** Repetitions of a group from which matching is counted as unbounded. */
const MANY = 8;

/**
 * Texts that the expression is likely to match, different in one alternative or optional part each,
 * the one with every optional part first. Assertions are not looked at: try the texts. Empty where
 * the expression uses what this generator does not know (back references, sets of strings).
 */
export function textsOf(regexp: RegExp, supply: TextSupply): readonly string[] {
  const pattern = parse(regexp);
  if (pattern === undefined) return [];
  return new Generator(pattern, regexp.flags.replace(/[gy]/g, ''), supply).alternatives(pattern.alternatives);
}

/** True where a repetition can be divided in many ways over the same text, so that matching may take exponential time. */
export function backtracksWithoutBound(regexp: RegExp): boolean {
  // Most paths repeat no group, and parsing is what costs.
  if (!/\)[*+{]/.test(regexp.source)) return false;
  const pattern = parse(regexp);
  if (pattern === undefined) return true;
  let found = false;
  visitRegExpAST(pattern, {
    onQuantifierEnter({ element, max }) {
      if (max >= MANY && hasChoice(element) && !isDelimited(element, regexp.flags)) found = true;
    },
  });
  return found;
}

/** Lookarounds are left out: once matched, they are not entered again. */
function hasChoice(node: AST.Element): boolean {
  switch (node.type) {
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives.length > 1 || node.alternatives.some(({ elements }) => elements.some(hasChoice));
    case 'Quantifier':
      return node.min !== node.max || hasChoice(node.element);
    default:
      return false;
  }
}

/**
 * True for `(?:\/[^/]+)+` and `(?:\w+\.)*`: a character that nothing else in the group matches stands
 * at an edge of each repetition, and inside one only a single part varies. There is one way to divide.
 */
function isDelimited(group: AST.Element, flags: string): boolean {
  const parts = flattened(group);
  if (parts === undefined || parts.filter(hasChoice).length > 1) return false;
  return [parts[0], parts.at(-1)].some(
    (edge) => edge?.type === 'Character' && parts.every((part) => part === edge || excludes(part, String.fromCodePoint(edge.value), flags)),
  );
}

/** The parts of groups without alternatives, in order; undefined where there are alternatives. */
function flattened(element: AST.Element): readonly AST.Element[] | undefined {
  if (element.type !== 'Group' && element.type !== 'CapturingGroup') return [element];
  if (element.alternatives.length > 1) return undefined;
  const parts = element.alternatives[0]!.elements.map(flattened);
  return parts.includes(undefined) ? undefined : parts.flatMap((inner) => inner ?? []);
}

/** Whether a character, set or repetition of one can never match this character. */
function excludes(part: AST.Element, character: string, flags: string): boolean {
  switch (part.type) {
    case 'Assertion':
      return true;
    case 'Character':
    case 'CharacterSet':
    case 'CharacterClass':
      return !new RegExp(part.raw, flags.replace(/[gy]/g, '')).test(character);
    case 'Quantifier':
      return excludes(part.element, character, flags);
    default:
      return false;
  }
}

function parse(regexp: RegExp): AST.Pattern | undefined {
  try {
    const { source, flags } = regexp;
    return new RegExpParser().parsePattern(source, 0, source.length, { unicode: flags.includes('u'), unicodeSets: flags.includes('v') });
  } catch {
    return undefined;
  }
}

class Generator {
  readonly #flags: string;
  readonly #supply: TextSupply;
  readonly #captures: readonly AST.CapturingGroup[];
  #runs = 0;

  constructor(pattern: AST.Pattern, flags: string, supply: TextSupply) {
    this.#flags = flags;
    this.#supply = supply;
    const captures: AST.CapturingGroup[] = [];
    visitRegExpAST(pattern, { onCapturingGroupEnter: (group) => void captures.push(group) });
    this.#captures = captures;
  }

  alternatives(alternatives: readonly AST.Alternative[]): readonly string[] {
    return limited(alternatives.flatMap(({ elements }) => concatenations(elements.map((element) => this.#element(element)))));
  }

  #element(element: AST.Element): readonly string[] {
    switch (element.type) {
      case 'Assertion':
        return [''];
      case 'Character':
        return [String.fromCodePoint(element.value)];
      case 'CharacterSet':
      case 'CharacterClass':
      case 'ExpressionCharacterClass':
        return this.#character(element.raw);
      case 'Group':
        return withoutTrailingSlash(this.alternatives(element.alternatives));
      case 'CapturingGroup':
        return this.#capture(element);
      case 'Quantifier':
        return this.#repetition(element);
      case 'Backreference':
        return [];
    }
  }

  #capture(group: AST.CapturingGroup): readonly string[] {
    const inside = group.alternatives.map(({ raw }) => raw).join('|');
    for (const text of this.#supply.capture(this.#captures.indexOf(group))) if (this.#matches(inside, text)) return this.#deepened(inside, text);
    return this.alternatives(group.alternatives);
  }

  #repetition({ element, min, max }: AST.Quantifier): readonly string[] {
    if (element.type === 'CharacterSet' || element.type === 'CharacterClass') {
      if (max > 1) {
        const run = this.#supply.run(this.#runs++);
        const repeated = `(?:${element.raw}){${min},${max === Infinity ? '' : max}}`;
        if (this.#matches(repeated, run)) return this.#deepened(repeated, run);
      }
    }
    const once = this.#element(element);
    if (once.length === 0) return min === 0 ? [''] : [];
    // A trailing slash that is allowed (`/?` and Express 5's `(?:/$)?`) tells nothing new.
    if (min === 0) return once.length === 1 && once[0] === '/' ? [''] : limited([...once, '']);
    // Enough for `{24}`; an expression that demands more than this of anything is left alone.
    return min > 256 ? [] : once.map((text) => text.repeat(min));
  }

  /** What matches slashes too may stand for one segment or for several. */
  #deepened(source: string, segment: string): readonly string[] {
    const deeper = `${segment}/${segment}`;
    return this.#matches(source, deeper) ? [segment, deeper] : [segment];
  }

  #character(raw: string): readonly string[] {
    const character = SAMPLE_CHARACTERS.find((candidate) => this.#matches(raw, candidate));
    return character === undefined ? [] : [character];
  }

  #matches(source: string, text: string): boolean {
    try {
      return new RegExp(`^(?:${source})$`, this.#flags).test(text);
    } catch {
      // A back reference to a group outside.
      return false;
    }
  }
}

/** Printable ASCII, lower-case letters first, so that a class is represented by its plainest member. */
const SAMPLE_CHARACTERS: readonly string[] = Object.freeze([...'xyzabcdefghijklmnopqrstuvwXYZABCDEFGHIJKLMNOPQRSTUVW7012345689-_.~!$&\'()*+,;=:@%/']);

/** Every part in its first form, then each part's other forms, one part at a time. */
function concatenations(parts: readonly (readonly string[])[]): readonly string[] {
  if (parts.some((forms) => forms.length === 0)) return [];
  const first = parts.map((forms) => forms[0]!);
  const texts = [first.join('')];
  for (const [index, forms] of parts.entries()) {
    for (const form of forms.slice(1)) texts.push(first.with(index, form).join(''));
  }
  return limited(texts);
}

/** Of `(?:/|$)`, the end: a trailing slash that is allowed tells nothing new. */
function withoutTrailingSlash(texts: readonly string[]): readonly string[] {
  return texts.includes('') ? texts.filter((text) => text !== '/') : texts;
}

function limited(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].slice(0, VARIANT_LIMIT);
}
