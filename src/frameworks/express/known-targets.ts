import type { ModelObject } from '../../interpreter/values.ts';
import type { Layer, RegisteredPath, RouteEntry, RouterState } from './layers.ts';
import { conditionsOf, type Mount, type Target } from './routing.ts';

/** What is registered on a router, and the routers that it was looked for on. */
export interface Below {
  readonly targets: readonly Target[];
  readonly routers: ReadonlySet<RouterState>;
}

/** Gives the same objects for the same registrations, from one look at them to the next. */
export class KnownTargets {
  private readonly roots = new WeakMap<ModelObject, readonly Mount[]>();
  private readonly mounted = new WeakMap<readonly Mount[], WeakMap<RegisteredPath, (readonly Mount[])[]>>();
  private readonly targets = new WeakMap<readonly Mount[], WeakMap<RegisteredPath, Target[]>>();
  private readonly known = new Map<readonly Mount[], Below>();
  private readonly possible = new WeakMap<Target, boolean>();

  mountsOf(root: ModelObject): readonly Mount[] {
    let mounts = this.roots.get(root);
    if (!mounts) this.roots.set(root, (mounts = []));
    return mounts;
  }

  /** The mounts, and one more. */
  mounts(outer: readonly Mount[], mount: Mount): readonly Mount[] {
    const all = listIn(this.mounted, outer, mount.path);
    let known = all.find((one) => isSameMount(one.at(-1) as Mount, mount));
    if (!known) all.push((known = [...outer, mount]));
    return known;
  }

  /** What is below the mounts. */
  below(mounts: readonly Mount[], find: () => Below): Below {
    let below = this.known.get(mounts);
    if (!below) this.known.set(mounts, (below = find()));
    return below;
  }

  /** The router has other layers now. */
  forget(router: RouterState): void {
    for (const [mounts, { routers }] of this.known) if (routers.has(router)) this.known.delete(mounts);
  }

  target(root: ModelObject, mounts: readonly Mount[], path: RegisteredPath, what: Target['what']): Target {
    const all = listIn(this.targets, mounts, path);
    let known = all.find((one) => partOf(one.what) === partOf(what));
    if (!known) all.push((known = { root, mounts, path, what }));
    return known;
  }

  /** False where the target's mounts and registration stand under different branches of one decision. */
  isPossible(target: Target): boolean {
    let possible = this.possible.get(target);
    if (possible === undefined) this.possible.set(target, (possible = agree(target)));
    return possible;
  }
}

function agree(target: Target): boolean {
  const branches = new Map<string, string>();
  return conditionsOf(target).every(({ key, branch }) => {
    const other = branches.get(key) ?? branch;
    branches.set(key, other);
    return other === branch;
  });
}

function listIn<T>(known: WeakMap<readonly Mount[], WeakMap<RegisteredPath, T[]>>, mounts: readonly Mount[], path: RegisteredPath): T[] {
  let below = known.get(mounts);
  if (!below) known.set(mounts, (below = new WeakMap()));
  let list = below.get(path);
  if (!list) below.set(path, (list = []));
  return list;
}

function isSameMount(a: Mount, b: Mount): boolean {
  return a.layer === b.layer && a.entry === b.entry && a.handler === b.handler;
}

function partOf(what: Target['what']): Layer | RouteEntry | number {
  return what.kind === 'entry' ? what.entry : what.handler;
}
