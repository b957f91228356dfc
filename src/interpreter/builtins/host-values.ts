import type { Interpreter } from '../interpreter.ts';
import type { Labels } from '../labels.ts';
import { ArrayObject, HeapObject, isCallable, labelsOf, Primitive, type Site, type Value } from '../values.ts';

/** Larger data is not taken over. */
const MAXIMAL_NODES = 20_000;

/** Plain data of the host (what `JSON.parse` gives) as a value; undefined where it is too large. */
export function fromHost(interpreter: Interpreter, data: unknown, labels: Labels, site: Site): Value | undefined {
  let nodes = 0;
  const convert = (item: unknown): Value | undefined => {
    if (++nodes > MAXIMAL_NODES) return undefined;
    if (Array.isArray(item)) {
      const elements = item.map(convert);
      if (!elements.every((element) => element !== undefined)) return undefined;
      const array = interpreter.array(elements, site);
      array.labels = labels;
      return array;
    }
    if (typeof item !== 'object' || item === null) return new Primitive(item as Primitive['value'], labels);
    const object = interpreter.object([], site);
    object.labels = labels;
    for (const [key, content] of Object.entries(item)) {
      const value = convert(content);
      if (value === undefined) return undefined;
      object.properties.set(key, value);
    }
    return object;
  };
  return convert(data);
}

/** Data that is known throughout, as plain data of the host; `labels` are those of every part. */
interface HostData {
  readonly data: unknown;
  readonly labels: readonly Labels[];
}

export function toHost(interpreter: Interpreter, value: Value, site: Site): HostData | undefined {
  const labels: Labels[] = [];
  const ancestors = new Set<HeapObject>();
  let nodes = 0;
  let isKnown = true;
  const convert = (item: Value): unknown => {
    labels.push(labelsOf(item));
    if (item.kind === 'primitive') return item.value;
    if (!(item instanceof HeapObject) || item.open !== undefined || ancestors.has(item) || ++nodes > MAXIMAL_NODES || hasOwnText(item)) {
      isKnown = false;
      return undefined;
    }
    if (isCallable(item)) return undefined;
    ancestors.add(item);
    const { entries } = interpreter.ownEntries(item, site);
    const data = item instanceof ArrayObject
      ? item.elements.map(convert)
      : Object.fromEntries(entries.map(([key, content]) => [String(key.value), convert(content)]));
    ancestors.delete(item);
    return data;
  };
  const data = convert(value);
  return isKnown ? { data, labels } : undefined;
}

/** Objects that are not plain data, or say themselves what they are as data. */
function hasOwnText(object: HeapObject): boolean {
  return object.constructor !== HeapObject && object.constructor !== ArrayObject && !isCallable(object) || object.properties.has('toJSON');
}
