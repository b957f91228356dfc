/**
 * Notes whose code was looked at, and for what, so that a change of that code need not begin everything anew. What is
 * noted are nodes of functions and classes. This one notes nothing: where nobody will ask.
 */
export class Reads {
  /** Something looks at the code of this node. */
  note(_node: object): void {}
  /** Something uses what was found out by looking at the code of these nodes. */
  add(_nodes: ReadonlySet<object>): void {}
  /** What is looked at meanwhile is noted there too. */
  during<T>(_into: Set<object>, run: () => T): T {
    return run();
  }
  /** What is looked at meanwhile is noted there, and nowhere else. */
  apart<T>(_into: Set<object>, run: () => T): T {
    return run();
  }
  /** What is found out meanwhile stands for good. */
  lastingly<T>(run: () => T): T {
    return run();
  }
  /** What is looked at meanwhile is no reason to begin anew: the answer is compared instead. */
  unnoticed<T>(run: () => T): T {
    return run();
  }
  /** The function was asked whether what it mentions leads to a framework. */
  askedWhetherRelevant(_node: object): void {}
}

export const NO_READS: Reads = Object.freeze(new Reads());

/** Keeps what is noted. */
export class KeptReads extends Reads {
  /** Of what stands for good: the registration code, and modules, whenever they are evaluated. */
  readonly lasting = new Set<object>();
  readonly relevant = new Set<object>();
  private open: readonly Set<object>[] = [];
  private isUnnoticed = false;

  /** For an analysis from the beginning. */
  clear(): void {
    this.lasting.clear();
    this.relevant.clear();
  }

  /** False while a request is walked. */
  get isLasting(): boolean {
    return this.open.length === 0;
  }

  override note(node: object): void {
    if (this.isUnnoticed) return;
    if (this.open.length === 0) this.lasting.add(node);
    for (const set of this.open) set.add(node);
  }

  override add(nodes: ReadonlySet<object>): void {
    for (const set of this.open) if (set !== nodes) for (const node of nodes) set.add(node);
  }

  override during<T>(into: Set<object>, run: () => T): T {
    return this.with([...this.open, into], false, run);
  }

  override apart<T>(into: Set<object>, run: () => T): T {
    return this.with([into], false, run);
  }

  override lastingly<T>(run: () => T): T {
    return this.with([], false, run);
  }

  override unnoticed<T>(run: () => T): T {
    return this.with(this.open, true, run);
  }

  override askedWhetherRelevant(node: object): void {
    this.relevant.add(node);
  }

  private with<T>(open: readonly Set<object>[], isUnnoticed: boolean, run: () => T): T {
    const outer = { open: this.open, isUnnoticed: this.isUnnoticed };
    this.open = open;
    this.isUnnoticed = isUnnoticed;
    try {
      return run();
    } finally {
      this.open = outer.open;
      this.isUnnoticed = outer.isUnnoticed;
    }
  }
}
