import { RegExpParser, type AST } from '@eslint-community/regexpp';

/** A pattern is run by the host only if trying it on the text takes at most this many steps. */
const MAXIMAL_STEPS = 100_000;
/** Texts longer than this are not matched. */
const MAXIMAL_LENGTH = 2000;

/** Whether a backtracking matcher finishes soon, from every position of the text. Deterministic: it counts, it has no clock. */
export function isAffordable(source: string, flags: string, text: string): boolean {
  if (text.length > MAXIMAL_LENGTH) return false;
  // Without a choice there is no more to try than the pattern is long.
  if (!/[*+?{|]/.test(source)) return true;
  let pattern: AST.Pattern;
  try {
    pattern = new RegExpParser().parsePattern(source, 0, source.length, { unicode: flags.includes('u'), unicodeSets: flags.includes('v') });
  } catch {
    // A syntax error costs nothing: the host reports it.
    return true;
  }
  const meter = new StepMeter(flags.replace(/[gyd]/g, ''), text);
  try {
    for (let start = 0; start <= text.length; start++) meter.alternatives(pattern.alternatives, start, () => true);
    return true;
  } catch (error) {
    // The text is too long for the host's stack, or the pattern for the steps.
    if (error === meter || error instanceof RangeError) return false;
    throw error;
  }
}

type Next = (position: number) => boolean;

/** Walks the pattern as the host's matcher would and counts. Throws itself when there are too many steps. */
class StepMeter {
  private steps = 0;
  private readonly flags: string;
  private readonly text: string;
  private readonly single = new Map<string, RegExp>();
  private readonly groups = new Map<AST.CapturingGroup, string>();

  constructor(flags: string, text: string) {
    this.flags = flags;
    this.text = text;
  }

  alternatives(alternatives: readonly AST.Alternative[], position: number, next: Next): boolean {
    return alternatives.some((alternative) => this.sequence(alternative.elements, 0, position, next));
  }

  private sequence(elements: readonly AST.Element[], index: number, position: number, next: Next): boolean {
    const element = elements[index];
    if (!element) return next(position);
    return this.element(element, position, (after) => this.sequence(elements, index + 1, after, next));
  }

  private element(element: AST.Element, position: number, next: Next): boolean {
    if (++this.steps > MAXIMAL_STEPS) throw this;
    switch (element.type) {
      case 'Quantifier': return this.repeat(element, 0, position, next);
      case 'Group': return this.alternatives(element.alternatives, position, next);
      case 'CapturingGroup': return this.alternatives(element.alternatives, position, (after) => {
        this.groups.set(element, this.text.slice(position, after));
        return next(after);
      });
      case 'Backreference': {
        const group = Array.isArray(element.resolved) ? element.resolved[0] : element.resolved;
        const captured = (group && this.groups.get(group)) ?? '';
        return this.text.startsWith(captured, position) && next(position + captured.length);
      }
      case 'Assertion': return this.assertion(element, position) && next(position);
      case 'Character': case 'CharacterSet': case 'CharacterClass': case 'ExpressionCharacterClass': {
        const length = this.consumed(element.raw, position);
        return length > 0 && next(position + length);
      }
    }
  }

  private repeat(quantifier: AST.Quantifier, count: number, position: number, next: Next): boolean {
    if (++this.steps > MAXIMAL_STEPS) throw this;
    const again = () => count < quantifier.max && this.element(quantifier.element, position, (after) =>
      (after > position || count < quantifier.min) && this.repeat(quantifier, count + 1, after, next));
    if (count < quantifier.min) return again();
    return quantifier.greedy ? again() || next(position) : next(position) || again();
  }

  private assertion(assertion: AST.Assertion, position: number): boolean {
    switch (assertion.kind) {
      case 'start': return position === 0 || (this.flags.includes('m') && /[\n\r\u2028\u2029]/.test(this.text[position - 1] ?? ''));
      case 'end': return position === this.text.length || (this.flags.includes('m') && /[\n\r\u2028\u2029]/.test(this.text[position] ?? ''));
      case 'word': return (this.isWord(position - 1) !== this.isWord(position)) !== assertion.negate;
      case 'lookahead': return this.alternatives(assertion.alternatives, position, () => true) !== assertion.negate;
      case 'lookbehind': {
        // Forwards from every earlier position costs at least what the host pays backwards.
        let found = false;
        for (let start = position; start >= 0 && !found; start--) {
          found = this.alternatives(assertion.alternatives, start, (after) => after === position);
        }
        return found !== assertion.negate;
      }
    }
  }

  private isWord(position: number): boolean {
    return /\w/.test(this.text[position] ?? '');
  }

  /** How many code units one character of the pattern takes at the position; 0 where it does not match. */
  private consumed(raw: string, position: number): number {
    let pattern = this.single.get(raw);
    if (!pattern) {
      pattern = new RegExp(raw, `${this.flags}y`);
      this.single.set(raw, pattern);
    }
    pattern.lastIndex = position;
    return pattern.test(this.text) ? pattern.lastIndex - position : 0;
  }
}
