import type { HeapObject } from '../interpreter/values.ts';
import { type Onlooker, watch } from '../interpreter/observation/watched.ts';
import { fingerprintOf } from './fingerprint.ts';

/** What the running step has looked at of one object. */
class Looks implements Onlooker {
  readonly keys = new Set<PropertyKey>();
  all = false;

  noteMember(key: PropertyKey): void {
    this.keys.add(key);
  }

  noteAll(): void {
    this.all = true;
  }

  clear(): void {
    this.keys.clear();
    this.all = false;
  }
}

/** Which members of the objects that stand for a request a step has looked at, in the order of the objects. */
export type Looked = readonly { readonly keys: ReadonlySet<PropertyKey>; readonly all: boolean }[];

/** What the steps of a chain have left on the request, the response and what else each of them is given. */
export class RequestState {
  private readonly roots: readonly HeapObject[];
  private readonly looks: readonly Looks[];
  private readonly without: ReadonlySet<PropertyKey>;
  private readonly beside: () => string;

  /** `without` names members that no later step sees; `beside` tells what stands elsewhere. */
  constructor(roots: readonly HeapObject[], without: ReadonlySet<PropertyKey>, beside: () => string = () => '') {
    this.roots = roots;
    this.looks = roots.map((root) => {
      const looks = new Looks();
      watch(root, looks);
      return looks;
    });
    this.without = without;
    this.beside = beside;
  }

  /** Equal for states that later steps cannot tell apart. */
  text(): string {
    return `${fingerprintOf(this.roots, (_index, key) => !this.without.has(key))}${this.beside()}`;
  }

  /** Equal for states that a step cannot tell apart which looks at no more than that. */
  textOf(looked: Looked): string {
    return `${fingerprintOf(this.roots, (index, key) => !this.without.has(key) && (looked[index]?.all === true || looked[index]?.keys.has(key) === true))}${this.beside()}`;
  }

  /** A step begins. */
  clear(): void {
    for (const looks of this.looks) looks.clear();
  }

  /** What was looked at since the step began, and before by others. */
  lookedWith(before: Looked | undefined): Looked {
    if (before && this.looks.every(({ keys, all }, index) => before[index]?.all || (!all && [...keys].every((key) => before[index]?.keys.has(key))))) return before;
    return this.looks.map(({ keys, all }, index) => ({ keys: new Set([...keys, ...before?.[index]?.keys ?? []]), all: all || before?.[index]?.all === true }));
  }
}
