import type { Reads } from './reads.ts';
import type { ClassObject } from '../values.ts';
import { type Onlooker, watch } from './watched.ts';

/**
 * The methods of a class that may get others while somebody holds it. Whoever looks at one of them, or for one that is not
 * there, notes what stands for that method; whoever looks at all of them, what stands for all.
 */
export class ClassShape implements Onlooker {
  readonly created: ClassObject;
  /** What is noted by who looks at all methods. */
  readonly all: object = { method: 'all' };
  private readonly reads: Reads;
  private readonly tokens = new Map<PropertyKey, object>();

  constructor(created: ClassObject, reads: Reads) {
    this.created = created;
    this.reads = reads;
    watch(created.instances, this);
  }

  /** What is noted by who looks at the method. */
  tokenOf(key: PropertyKey): object {
    let token = this.tokens.get(key);
    if (!token) this.tokens.set(key, token = { method: key });
    return token;
  }

  noteMember(key: PropertyKey): void {
    this.reads.note(this.tokenOf(key));
  }

  noteAll(): void {
    this.reads.note(this.all);
  }
}
