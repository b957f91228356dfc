import type { Layer } from './layers.ts';
import type { PathPattern } from './paths.ts';

/** A segment that stands for itself in both majors. */
const LITERAL = /^[\w-]+$/;

/** What may follow a segment so that it still ends there: `/users/?x` also matches `/usersx`. */
const FOLLOWS = /^[\w:-]/;

interface Branch {
  /** Positions of layers whose literal segments end here. */
  readonly layers: number[];
  readonly branches: Map<string, Branch>;
}

/**
 * The layers of one router by the literal segments that their paths begin with, so that a router of ten thousand
 * routes need not try each of them for each of them.
 */
export class LayerIndex {
  private readonly layers: readonly Layer[];
  private readonly top: Branch = { layers: [], branches: new Map() };

  constructor(layers: readonly Layer[]) {
    this.layers = layers;
    for (const [position, layer] of layers.entries()) {
      if (layer.paths.length === 0) this.top.layers.push(position);
      for (const { pattern } of layer.paths) this.branchOf(literalSegments(pattern)).layers.push(position);
    }
  }

  /** Layers that can match the path, and `own` where it is one of them, in their order. */
  candidates(url: string, own: Layer | undefined): readonly Layer[] {
    const positions = new Set(this.top.layers);
    let branch: Branch | undefined = this.top;
    for (const segment of url.toLowerCase().split('/').slice(1)) {
      branch = branch.branches.get(segment);
      if (!branch) break;
      for (const position of branch.layers) positions.add(position);
    }
    const found = [...positions].sort((a, b) => a - b).map((position) => this.layers[position] as Layer);
    return !own || found.includes(own) ? found : this.layers.filter((layer) => layer === own || found.includes(layer));
  }

  private branchOf(segments: readonly string[]): Branch {
    let branch = this.top;
    for (const segment of segments) {
      let next = branch.branches.get(segment);
      if (!next) branch.branches.set(segment, next = { layers: [], branches: new Map() });
      branch = next;
    }
    return branch;
  }
}

/** False where the layer can match no path that begins like that. */
export function mayMatch({ paths }: Layer, url: string): boolean {
  const segments = url.toLowerCase().split('/').slice(1);
  return paths.length === 0 || paths.some(({ pattern }) => literalSegments(pattern).every((segment, index) => segments[index] === segment));
}

/** Segments that every path begins with that the pattern matches, in lower case. */
function literalSegments(pattern: PathPattern): readonly string[] {
  if (pattern.kind !== 'string' || !pattern.source.startsWith('/')) return [];
  const segments = pattern.source.slice(1).split('/');
  const end = segments.findIndex((segment, index) => {
    const next = segments[index + 1];
    return !LITERAL.test(segment) || (next !== undefined && !FOLLOWS.test(next));
  });
  return (end === -1 ? segments : segments.slice(0, end)).map((segment) => segment.toLowerCase());
}
