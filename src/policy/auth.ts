import { explore, type Exploration, type Path } from '../guards/explore.ts';
import { isWithin, type World } from '../guards/worlds.ts';
import type { StepSummaries } from '../guards/summaries.ts';
import type { RequestChain, Route } from '../frameworks/framework.ts';
import type { Interpreter } from '../interpreter/interpreter.ts';
import type { AuthVerdict, Evidence, Guarded, Unknown } from '../model.ts';
import type { EvidenceWriter } from './evidence.ts';
import { closedIn, ClosedDeployments, conditionsOf, isCompatible, switchesOf } from './worlds.ts';

const MAX_EVIDENCE = 6;

/** What the walk says, and the chain that it is said of. `passesOn`: the endpoint's own function handed the request on. */
export interface AuthJudgement {
  readonly verdict: Exclude<AuthVerdict, { status: 'public' }>;
  readonly chain: RequestChain | undefined;
  readonly passesOn: boolean;
  /** Nobody gets to the endpoint with this request: something else answers it, or it is turned away whoever sends it. */
  readonly isShadowed: boolean;
}

/** Can a request without a credential reach the work? The worst of all shapes of the path. */
export function judgeAuth(interpreter: Interpreter, route: Route, writer: EvidenceWriter, summaries: StepSummaries): AuthJudgement {
  const all = route.chains(interpreter, 'anonymous').map((chain) => judgeChain(interpreter, route, chain, writer, summaries));
  const reaching = all.filter((j) => !j.isShadowed);
  const judged = reaching.length > 0 ? reaching : all;
  const worst = ['naked', 'unknown', 'guarded'].flatMap((status) => judged.filter((j) => j.verdict.status === status));
  const conditional = worst.find((j) => j.verdict.status === 'guarded' && j.verdict.conditional);
  const [first] = worst;
  if (!first) return { verdict: { status: 'unknown', because: [writer.unfollowed(route.unfollowed ?? 'no request path could be found for it', route.place)] }, chain: undefined, passesOn: false, isShadowed: false };
  return first.verdict.status === 'guarded' && conditional ? conditional : first;
}

function judgeChain(interpreter: Interpreter, route: Route, chain: RequestChain, writer: EvidenceWriter, summaries: StepSummaries): AuthJudgement {
  if (chain.steps.length === 0) return { verdict: { status: 'unknown', because: [writer.unfollowed('its handler could not be followed', route.place)] }, chain, passesOn: false, isShadowed: false };
  const closed = new ClosedDeployments();
  const isDecided = (path: Path): boolean => isOpen(path) && !isUncertain(path) && closed.open(path);
  const exploration = explore(interpreter, chain.steps, { given: route.conditions, isDecided, state: chain.state, summaries, world: chain.world, seeksWork: true });
  const passesOn = exploration.paths.some((p) => p.end.kind === 'fell through') && !exploration.paths.some((p) => p.end.kind === 'work');
  const last = chain.steps.length - 1;
  const { complete, paths } = exploration;
  const isShadowed = complete && paths.every((p) => p.end.kind === 'stopped' && p.end.because !== 'absence' && p.end.step < last) && paths.some((p) => p.end.kind === 'stopped' && p.end.because === 'answer');
  // app.all('/x', (req, res) => { if (req.method !== 'POST') return res.sendStatus(405); …
  const isRefused = complete && paths.length > 0 && paths.every((p) => p.end.kind === 'stopped' && p.end.because === 'refusal');
  return { verdict: verdictOf(exploration, chain, route, writer), chain, passesOn, isShadowed: isShadowed || isRefused };
}

function isOpen(path: Path): boolean {
  return path.end.kind !== 'stopped';
}

function isUncertain(path: Path): boolean {
  return path.unfollowed.length > 0 || path.decisions.some((d) => d.kind === 'uncertain');
}

function isCertainlyOpen(path: Path): boolean {
  return isOpen(path) && !isUncertain(path) && switchesOf(path).length === 0;
}

function verdictOf({ paths, complete }: Exploration, chain: RequestChain, route: Route, writer: EvidenceWriter): AuthJudgement['verdict'] {
  const isLogin = paths.some((p) => p.end.kind === 'work' && p.end.isLogin && !isUncertain(p));
  const stops = paths.filter((p) => isStopByAbsence(p, isLogin ? chain.steps.length - 1 : chain.steps.length));
  const open = [...paths.filter(isOpen), ...(complete ? uncheckedIn(paths, stops, chain.steps.length - 1) : [])];
  const through = namesBefore(chain);
  if (open.some(isCertainlyOpen)) return { status: 'naked', through };
  const certain = open.filter((p) => !isUncertain(p));
  if (certain.length > 0) {
    const closed = closedIn(stops, open, (path) => !isUncertain(path));
    return closed.length > 0 ? guarded(closed, true, writer) : { status: 'naked', through };
  }
  if (complete && isOpenInEveryWorld(paths)) return { status: 'naked', through };
  if (open.length > 0) return unknown(open, writer);
  if (!complete) return { status: 'unknown', because: [writer.unfollowed('has too many ways through its code to follow them all', route.place)] };
  if (stops.length > 0) return guarded(stops, false, writer);
  return withoutCredentialCheck(paths, chain, writer, through);
}

/**
 * What is not known decides nothing: beside every path that is stopped there is one to the work on which no more was
 * decided but by the client. All ways have to be among the paths.
 */
function isOpenInEveryWorld(paths: readonly Path[]): boolean {
  if (paths.some((path) => path.unfollowed.length > 0)) return false;
  const open = paths.filter(isOpen);
  return paths.every((path) => isOpen(path) || open.some((other) => isWithin(lastingOf(path), lastingOf(other))));
}

function lastingOf({ decisions }: Path): World {
  return decisions.filter(({ kind }) => kind !== 'input');
}

/** A login that turns away whoever does not know the password is open to everybody: only what stands before it guards it. */
function isStopByAbsence({ end }: Path, before: number): boolean {
  return end.kind === 'stopped' && end.because === 'absence' && end.step < before;
}

/**
 * Refusals by the endpoint itself in a deployment where nothing before them asks for a credential: the request came as
 * far as one with a credential does.
 */
function uncheckedIn(paths: readonly Path[], stops: readonly Path[], last: number): readonly Path[] {
  if (stops.length === 0) return [];
  return paths.filter((path) => {
    if (path.end.kind !== 'stopped' || path.end.because === 'absence' || path.end.step !== last) return false;
    return stops.every((stop) => !isCompatible(switchesOf(stop), switchesOf(path)) && standsBefore(stop, path));
  });
}

/** Whether the place that stops the one request is behind the other one when it ends. */
function standsBefore(stop: Path, path: Path): boolean {
  if (stop.end.kind !== 'stopped' || path.end.kind !== 'stopped') return false;
  if (stop.end.step !== path.end.step) return stop.end.step < path.end.step;
  const [check, end] = [stop.end.by.site, path.end.by.site];
  return check.module === end.module && check.module.place(check.start) < end.module.place(end.start);
}

/** Nothing lets the request through, and nothing asked for a credential. */
function withoutCredentialCheck(paths: readonly Path[], chain: RequestChain, writer: EvidenceWriter, through: readonly string[]): AuthJudgement['verdict'] {
  const last = chain.steps.length - 1;
  const before = paths.filter((p) => p.end.kind === 'stopped' && p.end.step < last);
  // Served by an earlier registration for the same path: nothing asks who it is there either.
  const isServed = before.some((p) => p.end.kind === 'stopped' && p.end.because === 'answer');
  if (before.length < paths.length || isServed) return { status: 'naked', through };
  // Every request is turned away before the handler.
  return guarded(before, false, writer);
}

function guarded(stops: readonly Path[], conditional: boolean, writer: EvidenceWriter): Guarded {
  const by = new Map<string, Evidence>();
  const put = (evidence: Evidence): void => {
    const key = `${evidence.file}:${evidence.line} ${evidence.name}`;
    if (!by.has(key) && by.size < MAX_EVIDENCE) by.set(key, evidence);
  };
  for (const { end } of stops) if (end.kind === 'stopped') put(writer.evidence(end.by));
  if (conditional) for (const stop of stops) for (const condition of conditionsOf(switchesOf(stop))) put(writer.condition(condition));
  return { status: 'guarded', conditional, by: [...by.values()] };
}

function unknown(open: readonly Path[], writer: EvidenceWriter): Unknown {
  const because = new Map<string, Unknown['because'][number]>();
  for (const path of open) {
    for (const { reason, site } of path.unfollowed) because.set(`${reason}`, writer.unfollowed(reason, site));
    for (const { condition, kind } of path.decisions) if (kind === 'uncertain') because.set(condition.key, writer.unfollowed('depends on something that could not be followed', condition.site));
  }
  return { status: 'unknown', because: [...because.values()].slice(0, MAX_EVIDENCE) };
}

/** What the request passed before the endpoint's last function. */
function namesBefore(chain: RequestChain): string[] {
  return [...new Set(chain.steps.slice(0, -1).map((s) => s.name))];
}
