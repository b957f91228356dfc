import { mergeLabels, type Labels } from './labels.ts';
import { identityOfText, ObservedText } from './observation/observed.ts';
import { External, Primitive, type TextPart, Unknown, type Value, labelsOf, type Site } from './values.ts';

/** What is known of a value as a text: exact stretches and unknown values between them. */
export function textPartsOf(value: Value): readonly TextPart[] {
  if (value instanceof Primitive) return [typeof value.value === 'symbol' ? String(value.value.description) : String(value.value)];
  if (value instanceof Unknown) return value.parts?.map((part) => (part instanceof ObservedText ? part.learnAll() : part)) ?? [value];
  if (value instanceof External) return [value];
  return [new Unknown('not a text', { labels: labelsOf(value) })];
}

/** The same for a text that they are to be a part of: what is observed stays so. */
export function partsWithin(value: Value): readonly TextPart[] {
  if (value instanceof ObservedText) return [value];
  return value instanceof Unknown ? value.parts ?? [value] : textPartsOf(value);
}

/** Joins parts into an exact text where all are exact, else into an unknown text that keeps its parts. */
export function textOf(parts: readonly TextPart[], site: Site | undefined, labels: Labels): Value {
  const joined: TextPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  if (joined.length === 0) return new Primitive('', labels, site);
  const [first] = joined;
  if (joined.length === 1 && typeof first === 'string') return new Primitive(first, labels, site);
  const all = mergeLabels(labels, ...joined.map((p) => (typeof p === 'string' ? 0 : p.labels)));
  return new Unknown('a text that is known in parts', { parts: joined, labels: all, site, identity: identityOfParts(joined) });
}

function identityOfParts(parts: readonly TextPart[]): string | undefined {
  let identity = '`';
  for (const part of parts) {
    if (typeof part === 'string') identity += part;
    else {
      const inner = identityOf(part);
      if (inner === undefined) return undefined;
      identity += `\${${inner}}`;
    }
  }
  return `${identity}\``;
}

/** A text that is equal for equal values; undefined where two evaluations may differ. */
export function identityOf(value: Value): string | undefined {
  if (value instanceof ObservedText) return identityOfText(value);
  if (value instanceof Primitive) return typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value);
  if (value instanceof Unknown) return value.identity;
  if (value instanceof External) {
    if (value.step === 'import') return `${value.package}${value.subpath && `/${value.subpath}`}${value.name === '*' || value.name === 'default' ? '' : `.${value.name}`}`;
    const base = value.base && identityOf(value.base);
    if (base === undefined) return undefined;
    if (value.step === 'get') return `${base}.${value.name}`;
    if (value.step === 'await') return `await ${base}`;
    const args = value.args.map(identityOf);
    return args.every((a) => a !== undefined) ? `${value.step === 'new' ? 'new ' : ''}${base}(${args.join(', ')})` : undefined;
  }
  return undefined;
}
