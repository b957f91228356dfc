import type { Condition } from '../interpreter/values.ts';
import type { AuthVerdict, Endpoint, Evidence, Guarded, RateLimitVerdict } from '../model.ts';
import type { EndpointTexts } from './endpoint-texts.ts';
import type { EvidenceWriter } from './evidence.ts';

/** An endpoint, and under which decisions of the registration it is there. */
export interface Conditional {
  readonly endpoint: Endpoint;
  readonly conditions: readonly Condition[];
}

const MAX_EVIDENCE = 6;

/**
 * Each endpoint once: code that registers it in both branches of a switch does so once in each deployment.
 *
 *     const start = config.tracing ? traced(register) : register; start(app)
 */
export function withoutAlternatives(all: readonly Conditional[], writer: EvidenceWriter, texts: EndpointTexts): Endpoint[] {
  const known = new Map<string, { endpoint: Endpoint; readonly copies: Conditional[] }[]>();
  const kept: { endpoint: Endpoint }[] = [];
  for (const one of all) {
    // There in each deployment.
    if (one.conditions.length === 0) {
      kept.push(one);
      continue;
    }
    const key = texts.of(one.endpoint).registration;
    const alike = known.get(key) ?? [];
    known.set(key, alike);
    const other = alike.find(({ copies }) => copies.every((copy) => switchBetween(copy, one) !== undefined));
    if (!other) {
      const first = { endpoint: one.endpoint, copies: [one] };
      alike.push(first);
      kept.push(first);
      continue;
    }
    other.copies.push(one);
    other.endpoint = other.copies.map(({ endpoint }) => endpoint).reduce((a, b) => ({ ...a, auth: either(a.auth, b.auth, other.copies, writer), rateLimit: either(a.rateLimit, b.rateLimit, other.copies, writer) }));
  }
  return kept.map(({ endpoint }) => endpoint);
}

/** The decision that has one branch for the one and the other for the other. */
function switchBetween(a: Conditional, b: Conditional): Condition | undefined {
  return a.conditions.find((one) => b.conditions.some((other) => other.key === one.key && other.branch !== one.branch));
}

/** What holds for two deployments together. */
function either<V extends AuthVerdict | RateLimitVerdict>(a: V, b: V, copies: readonly Conditional[], writer: EvidenceWriter): V {
  if (a.status === 'guarded' && b.status === 'guarded') return { ...a, conditional: a.conditional || b.conditional, by: unique([...a.by, ...b.by]) };
  const open = [a, b].find((verdict) => verdict.status === 'naked') ?? [a, b].find((verdict) => verdict.status === 'public');
  const closed = [a, b].find((verdict): verdict is V & Guarded => verdict.status === 'guarded');
  if (open && closed) return { ...closed, conditional: true, by: unique([...closed.by, ...switchOf(closed, copies, writer)]) };
  return open ?? [a, b].find((verdict) => verdict.status === 'unknown') ?? a;
}

/** Where the guard stands, where the verdict does not say. */
function switchOf(verdict: Guarded, copies: readonly Conditional[], writer: EvidenceWriter): Evidence[] {
  if (verdict.conditional) return [];
  const own = copies.find(({ endpoint }) => [endpoint.auth, endpoint.rateLimit].some((one) => one.status === 'guarded' && one.by[0] === verdict.by[0]));
  const other = copies.find((copy) => copy !== own);
  const condition = own && other && switchBetween(own, other);
  return condition ? [writer.condition(condition)] : [];
}

function unique(evidence: readonly Evidence[]): Evidence[] {
  return [...new Map(evidence.map((e) => [`${e.file}:${e.line} ${e.name}`, e])).values()].slice(0, MAX_EVIDENCE);
}
