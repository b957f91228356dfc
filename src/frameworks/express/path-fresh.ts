import { createHash } from 'node:crypto';

/**
 * A segment that stands for a value nobody knows: the same for the same identity, and unequal to any
 * other text of a program for all practical purposes. Letters and digits only, beginning with a letter.
 */
export function freshSegment(identity: string): string {
  return `p${digits(identity).base36.slice(0, 8)}q`;
}

/**
 * Values that parameters are commonly constrained to, most general first, all of them made from the
 * name so that two parameters never get the same one where their length allows it.
 */
export function constrainedSegments(name: string): readonly string[] {
  const { decimal, hex, letters } = digits(name);
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return [
    // :id(\\d+)
    `4${decimal.slice(0, 4)}`,
    // :id([0-9a-f-]{36}) and version 4 UUIDs
    uuid,
    uuid.toUpperCase(),
    // :id([0-9a-fA-F]{24})
    hex.slice(0, 24),
    // :slug([a-z]+)
    letters.slice(0, 8),
    letters.slice(0, 8).toUpperCase(),
    // :slug([a-z-]+) with a dash demanded
    `${letters.slice(0, 4)}-${letters.slice(4, 8)}`,
    // :day(\\d{4}-\\d{2}-\\d{2})
    `20${decimal.slice(0, 2)}-05-17`,
    // :version(v\\d+)
    `v${decimal.slice(0, 3)}`,
    // :version(\\d+\\.\\d+\\.\\d+)
    `4.${decimal.slice(0, 2)}.7`,
    // :file(.+\\.json) and the like have no general answer; they are generated.
  ];
}

function digits(identity: string): { hex: string; decimal: string; base36: string; letters: string } {
  const hex = createHash('sha256').update(identity).digest('hex');
  const value = BigInt(`0x${hex}`);
  return {
    hex,
    decimal: value.toString(10).slice(1),
    base36: value.toString(36).slice(1),
    letters: hex.replace(/\d/g, (digit) => 'ghijklmnop'.charAt(Number(digit))),
  };
}
