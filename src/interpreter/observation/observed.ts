import { ArrayObject, External, type NativeImplementation, Primitive, RegExpObject, Unknown, type Value } from '../values.ts';
import type { Labels } from '../labels.ts';

/** Gives the texts of another activity by name, such as the path of another request; undefined for one that it does not have. */
export type Texts = (name: string) => string | undefined;

/** Something that an activity found out about its texts. Activities that would find out the same run alike. */
export interface Observation {
  /** Equal keys are the same question. */
  readonly key: string;
  /** The answer elsewhere; undefined where there is none. */
  of(texts: Texts): string | undefined;
}

/** What the running activity has found out so far. */
export class Observations {
  private readonly known = new Map<string, Observation>();

  /** The whole of a text, by its name. */
  add(name: string): this {
    if (!this.known.has(name)) this.known.set(name, { key: name, of: (texts) => texts(name) });
    return this;
  }

  note(observation: Observation): void {
    if (!this.known.has(observation.key)) this.known.set(observation.key, observation);
  }

  clear(): void {
    this.known.clear();
  }

  [Symbol.iterator](): IterableIterator<Observation> {
    return this.known.values();
  }
}

/**
 * A text that other activities have otherwise, such as the path of a request. Whoever asks only how it starts learns no
 * more than that, and so does whoever runs the same code on another text with the same answer. Reading `value` is to
 * learn all of it, so that code that does not know of this class is on the safe side.
 */
export class ObservedText extends Primitive {
  /** How it comes about from texts that have names. */
  readonly source: Observation;
  readonly observations: Observations;
  /** The text, for code that notes by itself what it learns. */
  readonly content: string;

  constructor(content: string, source: Observation, observations: Observations, labels: Labels = 0) {
    super(content, labels);
    this.source = source;
    this.observations = observations;
    this.content = content;
    Object.defineProperty(this, 'value', { get: () => this.learnAll() });
  }

  /** A text that has a name. `key` tells it from one that had the name at another time. */
  static named(name: string, content: string, observations: Observations, key = name): ObservedText {
    return new ObservedText(content, { key, of: (texts) => texts(name) }, observations);
  }

  /** The same text of another activity. */
  as(texts: Texts): ObservedText {
    const content = this.source.of(texts);
    return content === undefined || content === this.content ? this : new ObservedText(content, this.source, this.observations, this.labels);
  }

  learnAll(): string {
    this.observations.note(this.source);
    return this.content;
  }

  isFilled(): boolean {
    return this.learns('is filled', (content) => content !== '');
  }

  /** Whether a test that looks at nothing but the text holds. `name` tells it from other tests. */
  learns(name: string, test: (content: string) => boolean): boolean {
    const { source } = this;
    this.observations.note({
      key: `${source.key} ${name}`,
      of: (texts) => {
        const content = source.of(texts);
        return content === undefined ? undefined : String(test(content));
      },
    });
    return test(this.content);
  }
}

/** Tells the text from other values of the same activity, whatever it is. */
export function identityOfText({ source }: ObservedText): string {
  return `<${source.key}>`;
}

/** `left === right` or `left == right`, where one of them is observed; undefined where none is. */
export function observedEquality(left: Primitive, right: Primitive, loose: boolean): boolean | undefined {
  const [observed, other] = left instanceof ObservedText ? [left, right] : [right, left];
  if (!(observed instanceof ObservedText) || other instanceof ObservedText) return undefined;
  const { value } = other;
  if (typeof value === 'symbol') return false;
  // eslint-disable-next-line eqeqeq -- the interpreted program compares loosely
  return observed.learns(`${loose ? '==' : '==='} ${keyOf(other)}`, (content) => (loose ? content == value : content === value));
}

/** The parts one after the other, where all are known and one is observed: ``${req.method} ${req.path}``. */
export function observedJoin(parts: readonly Value[]): ObservedText | undefined {
  const first = parts.find((part) => part instanceof ObservedText);
  if (!first || !parts.every((part) => part instanceof Primitive && (part instanceof ObservedText || typeof part.value !== 'symbol'))) return undefined;
  const pieces = parts.map((part): Observation & { readonly content: string } => {
    if (part instanceof ObservedText) return { key: part.source.key, of: part.source.of, content: part.content };
    const content = String((part as Primitive).value);
    return { key: JSON.stringify(content), of: () => content, content };
  });
  const source: Observation = {
    key: `(${pieces.map(({ key }) => key).join(' + ')})`,
    of: (texts) => {
      const all = pieces.map((piece) => piece.of(texts));
      return all.every((text) => text !== undefined) ? all.join('') : undefined;
    },
  };
  return new ObservedText(pieces.map(({ content }) => content).join(''), source, first.observations, parts.reduce((all, part) => all | (part as Primitive).labels, 0));
}

/** A method of texts that looks at nothing but the text and plain arguments: what it gives is all that is learned. */
export function observing(name: string, implementation: NativeImplementation): NativeImplementation {
  return (call) => {
    const { receiver, args } = call;
    if (!(receiver instanceof ObservedText)) return implementation(call);
    // req.url.startsWith(process.env.PREFIX)      hangs on what is not known, whichever text this is
    if (args.some(isOpen)) return implementation({ ...call, receiver: new Unknown('a text of the request', { identity: identityOfText(receiver), labels: receiver.labels }) });
    if (!args.every(isPlain)) return implementation(call);
    return learnResult(receiver, `${name}(${args.map(keyOf).join()})`, (text) => implementation({ ...call, receiver: text }));
  };
}

/** A function that looks at nothing but its receiver and one text: `/^\/api/.test(req.path)`. */
export function observingArgument(name: string, implementation: NativeImplementation): NativeImplementation {
  return (call) => {
    const { receiver, args: [text, ...rest] } = call;
    if (!(text instanceof ObservedText) || rest.length > 0 || !(receiver instanceof RegExpObject) || /[gy]/.test(receiver.flags)) return implementation(call);
    return learnResult(text, `${name} ${keyOf(receiver)}`, (plain) => implementation({ ...call, args: [plain] }));
  };
}

/** What a function that looks at nothing but the text gives for it: that is all that is learned. `name` tells it from other functions. */
export function learnResult(text: ObservedText, name: string, run: (plain: Primitive) => Value): Value {
  const { source, observations, labels } = text;
  const key = `${source.key} ${name}`;
  const runOn = (content: string): Value | undefined => {
    try {
      return run(new Primitive(content, labels));
    } catch {
      // It throws in the interpreted program.
      return undefined;
    }
  };
  const elsewhere = (texts: Texts, describe: (result: Value) => string | undefined): string | undefined => {
    const content = source.of(texts);
    const result = content === undefined ? undefined : runOn(content);
    return result && describe(result);
  };
  const result = run(new Primitive(text.content, labels));
  const given = textIn(result);
  if (given !== undefined) return new ObservedText(given, { key, of: (texts) => elsewhere(texts, textIn) }, observations, (result as Primitive).labels);
  if (result instanceof ArrayObject && isListOfTexts(result)) return learnList(result);
  if (describeResult(result) === undefined) text.learnAll();
  else observations.note({ key, of: (texts) => elsewhere(texts, describeResult) });
  return result;

  /** req.path.split('/'): how many there are is learned, and the pieces are learned where they are looked at. */
  function learnList(list: ArrayObject): ArrayObject {
    observations.note({ key: `${key} length`, of: (texts) => elsewhere(texts, lengthOf) });
    list.elements = list.elements.map((element, index) => {
      const source: Observation = { key: `${key} [${index}]`, of: (texts) => elsewhere(texts, (other) => (other instanceof ArrayObject ? textIn(other.elements[index] as Value) : undefined)) };
      return new ObservedText((element as Primitive).value as string, source, observations, (element as Primitive).labels);
    });
    return list;
  }
}

function lengthOf(result: Value): string | undefined {
  return result instanceof ArrayObject && isListOfTexts(result) ? String(result.elements.length) : undefined;
}

function isListOfTexts({ elements, open, properties }: ArrayObject): boolean {
  return open === undefined && properties.size === 0 && elements.every((element) => textIn(element) !== undefined);
}

function textIn(result: Value): string | undefined {
  return result instanceof Primitive && typeof result.value === 'string' ? result.value : undefined;
}

/** Equal for results that code cannot tell apart; undefined where that cannot be said. */
function describeResult(result: Value): string | undefined {
  return result instanceof Primitive && typeof result.value !== 'symbol' ? keyOf(result) : undefined;
}

/** Not known, and not in parts either. */
function isOpen(value: Value): boolean {
  return value instanceof External || (value instanceof Unknown && value.parts === undefined);
}

function isPlain(value: Value): value is Primitive | RegExpObject {
  if (value instanceof RegExpObject) return !/[gy]/.test(value.flags) || value.properties.size === 0;
  return value instanceof Primitive && !(value instanceof ObservedText) && typeof value.value !== 'symbol';
}

/** Quoted, so that no text can look like two arguments. */
function keyOf(value: Primitive | RegExpObject): string {
  return value instanceof RegExpObject ? `/${value.source}/${value.flags}` : `${typeof value.value} ${JSON.stringify(String(value.value))}`;
}
