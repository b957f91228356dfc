import { identityOf } from '../interpreter/text.ts';
import { ArrayObject, ClassObject, CollectionObject, External, FunctionObject, HeapObject, ModelObject, NativeFunction, Primitive, PromiseObject, type Slot, Unknown, type Value } from '../interpreter/values.ts';

const MAX_DEPTH = 4;
const NONE: ReadonlySet<PropertyKey> = new Set();

/**
 * A text that is equal for objects that later code cannot tell apart, as far as four levels down. `without` names
 * members of the roots that no later code sees.
 */
export function fingerprintOf(roots: readonly HeapObject[], without: ReadonlySet<PropertyKey> = NONE): string {
  const seen = new Map<HeapObject, number>();
  const ofSlot = (slot: Slot, depth: number): string => (slot.kind === 'accessor' ? 'accessor' : ofValue(slot, depth));
  const ofValue = (value: Value, depth: number): string => {
    if (value instanceof Primitive) return `${typeof value.value === 'string' ? JSON.stringify(value.value) : String(value.value)}/${value.labels}`;
    if (value instanceof Unknown) return `?${value.identity ?? value.reason}/${value.labels}`;
    if (value instanceof External) return `x${identityOf(value) ?? `${value.package}.${value.name}@${value.site?.start ?? 0}`}/${value.labels}`;
    if (!(value instanceof HeapObject)) return `|${value.options.map((o) => (o.value ? ofValue(o.value, depth + 1) : '')).join('|')}`;
    if (value instanceof FunctionObject || value instanceof ClassObject) return `f${value.module.file}:${value.node.range[0]}`;
    if (value instanceof NativeFunction) return `n${value.name}`;
    const known = seen.get(value);
    if (known !== undefined) return `#${known}`;
    seen.set(value, seen.size);
    if (depth > MAX_DEPTH) return `…${value.site?.start ?? 0}`;
    const parts: string[] = [];
    for (const [key, slot] of value.properties) if (depth > 0 || !without.has(key)) parts.push(`${String(key)}:${ofSlot(slot, depth + 1)}`);
    if (value instanceof ArrayObject) parts.push(...value.elements.slice(0, 30).map((e) => ofValue(e, depth + 1)));
    if (value instanceof CollectionObject) parts.push(...value.entries.slice(0, 30).map(([k, v]) => `${ofValue(k, depth + 1)}=>${ofValue(v, depth + 1)}`));
    if (value instanceof PromiseObject) parts.push(value.state, ofValue(value.result, depth + 1));
    const name = value instanceof ModelObject ? value.behaviour.name : '';
    return `${name}{${parts.join(',')}}/${value.labels}${value.open === undefined ? '' : '+'}`;
  };
  return roots.map((root) => ofValue(root, 0)).join(';');
}
