import { explore } from '../guards/explore.ts';
import type { StepSummaries } from '../guards/summaries.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { Site } from '../interpreter/values.ts';
import type { Evidence, Settings } from '../model.ts';
import type { EvidenceWriter } from './evidence.ts';
import { matchesPublicPath } from './public-paths.ts';

/** Who said that a naked endpoint is meant to be public; empty where nobody did. */
export function publicBy(interpreter: Interpreter, route: Route, chain: RequestChain | undefined, settings: Settings, writer: EvidenceWriter, tag: PublicTag | undefined, summaries: StepSummaries): Evidence[] {
  if (tag && tag.reason !== '') return [writer.evidence({ name: '@publicEndpoint', site: tag.site, text: tag.reason })];
  if (route.isPublicByNature) return [writer.evidence({ name: route.handler, site: route.place, text: 'serves static files to everyone' })];
  // A path of HTTP says nothing about a field that happens to be called alike: there the pattern has to name what it is.
  const candidates = (route.kind ?? 'http') === 'http' ? settings.publicPaths : settings.publicPaths.filter(({ method }) => method !== '*');
  const patterns = route.methods.map((method) => matchesPublicPath(candidates, method === 'ALL' || method === 'USE' ? '*' : method, route.path));
  const [pattern] = patterns;
  if (pattern && patterns.every(Boolean)) return [writer.evidence({ name: pattern.path, site: route.place, text: 'its path is on the list of public paths' })];
  return chain ? allowList(interpreter, route, chain, writer, summaries) : [];
}

/** A guard in the chain that would stop the request under any other path. */
function allowList(interpreter: Interpreter, route: Route, chain: RequestChain, writer: EvidenceWriter, summaries: StepSummaries): Evidence[] {
  const elsewhere = chain.anonymousElsewhere?.();
  if (!elsewhere) return [];
  // The endpoint's own function says nothing about other paths.
  const { paths, complete } = explore(interpreter, elsewhere.steps.slice(0, -1), { given: route.conditions, isDecided: (path) => path.end.kind !== 'stopped', state: elsewhere.state, summaries, world: elsewhere.world });
  const stops = paths.filter((p) => p.end.kind === 'stopped' && p.end.because === 'absence');
  if (!complete || stops.length === 0 || stops.length < paths.length) return [];
  const [stop] = stops;
  return stop?.end.kind === 'stopped' ? [writer.evidence({ ...stop.end.by, text: 'lets this path through without a credential and stops others' })] : [];
}

/** `@publicEndpoint reason` above a registration. */
export interface PublicTag {
  readonly reason: string;
  readonly site: Site;
}

const TAG = /@publicEndpoint\b[ \t]*([^\r\n]*)/;

/** The tag in the comment directly above the registration, its statement or the row that supplied it. */
export function publicTag(route: Route): PublicTag | undefined {
  const { module } = route.place;
  const tagged = module.comments.filter(({ value }) => TAG.test(value));
  if (tagged.length === 0) return undefined;
  const anchors = [route.place, route.registration].filter((site) => site.module === module);
  const lines = new Set(anchors.flatMap((site) => [module.position(site.start).line, module.position(site.name?.start ?? site.start).line]));
  for (const comment of tagged) {
    const end = module.position(comment.end).line;
    if (!lines.has(end) && !lines.has(end + 1)) continue;
    return { reason: (TAG.exec(comment.value)?.[1] ?? '').replace(/\*+\s*$/, '').trim(), site: { module, start: comment.start, end: comment.end } };
  }
  return undefined;
}
