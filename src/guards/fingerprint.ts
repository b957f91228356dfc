import { ObservedReference } from '../interpreter/observation/observed-reference.ts';
import { spanOf } from '../interpreter/spans.ts';
import { identityOf } from '../interpreter/text.ts';
import { ArrayObject, ClassObject, CollectionObject, External, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, PromiseObject, type Slot, Unknown, type Value } from '../interpreter/values.ts';
import { membersOf } from '../interpreter/observation/watched.ts';

const MAX_DEPTH = 4;

/**
 * A text that is equal for objects that later code cannot tell apart, as far as four levels down. `sees` leaves members
 * of the roots out that it does not look at; the root is told by its index.
 */
export function fingerprintOf(roots: readonly HeapObject[], sees: (root: number, key: PropertyKey) => boolean = () => true): string {
  const seen = new Map(roots.map((root, index) => [root, index]));
  const ofSlot = (slot: Slot, depth: number): string => (slot.kind === 'accessor' ? 'accessor' : ofValue(slot, depth));
  const ofValue = (value: Value, depth: number): string => {
    if (value instanceof Primitive) return `${typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value)}/${value.labels}`;
    if (value instanceof Unknown) return `?${value.identity ?? value.reason}/${value.labels}`;
    if (value instanceof External) return `x${identityOf(value) ?? `${value.package}.${value.name}@${value.site?.start ?? 0}`}/${value.labels}`;
    if (value instanceof ObservedReference) return `@${value.name}`;
    if (!(value instanceof HeapObject)) return `|${value.options.map((o) => (o.value ? ofValue(o.value, depth + 1) : '')).join('|')}`;
    if (value instanceof FunctionObject || value instanceof ClassObject) return `f${value.module.file}:${spanOf(value.node).start}`;
    if (value instanceof NativeFunction) return `n${value.name}`;
    const known = seen.get(value);
    if (known !== undefined) return `#${known}`;
    seen.set(value, seen.size);
    return depth > MAX_DEPTH ? `…${value.site?.start ?? 0}` : ofObject(value, value.properties, depth);
  };
  const ofObject = (value: HeapObject, members: Iterable<[PropertyKey, Slot]>, depth: number, isSeen: (key: PropertyKey) => boolean = () => true): string => {
    const parts: string[] = [];
    for (const [key, slot] of members) if (isSeen(key)) parts.push(`${String(key)}:${ofSlot(slot, depth + 1)}`);
    if (value instanceof ArrayObject) parts.push(...value.elements.slice(0, 30).map((e) => ofValue(e, depth + 1)));
    if (value instanceof CollectionObject) parts.push(...value.entries.slice(0, 30).map(([k, v]) => `${ofValue(k, depth + 1)}=>${ofValue(v, depth + 1)}`));
    if (value instanceof PromiseObject) parts.push(value.state, ofValue(value.result, depth + 1));
    const name = value instanceof ModelObject ? value.behaviour.name : '';
    return `${name}{${parts.join(',')}}/${value.labels}${value.open === undefined ? '' : '+'}`;
  };
  return roots.map((root, index) => ofObject(root, membersOf(root), 0, (key) => sees(index, key))).join(';');
}
