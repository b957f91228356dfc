import { undecidedAt } from '../interpreter/evaluation/truth.ts';
import { ABSENT } from '../interpreter/labels.ts';
import { type External, HeapObject, NULL, PromiseObject, type Site, UNDEFINED, type Value, isCallable, withLabels, FALSE, Primitive } from '../interpreter/values.ts';
import type { Decider, Judgement, Parameter } from './catalogue/row.ts';
import { StepEnd, type StepOutcome, type StopReason } from './chain.ts';
import { nameOf } from './names.ts';
import { absentValue } from './request/anonymous.ts';
import { runAlternatives } from './relation.ts';
import type { RequestRun, Stage } from './request-run.ts';

/** A function of a package in a chain: what the catalogue says it does, else what its name says, else it lets requests through. */
export function runExternal(run: RequestRun, external: External, args: readonly Value[], stage: Stage): StepOutcome {
  const judgement = run.judge.known(external);
  if (!judgement) return withoutRow(run, external, stage);
  const { row } = judgement;
  switch (row.role) {
    case 'guard': return guardOutcome(run, external, judgement, args, stage);
    case 'limiter': return limiterOutcome(run, external, judgement, stage);
    case 'terminal': return stage.isLast ? run.work() : row.callsNext === 'never' ? run.stopped('answer', siteOf(external, stage), undefined) : { kind: 'continues' };
    case 'wrapper': return wrapperOutcome(run, external, judgement, args, stage);
    case 'populates':
      run.populated(row.members);
      return { kind: 'continues' };
    case 'passes': return { kind: 'continues' };
    default: return stage.isLast ? run.work() : { kind: 'continues' };
  }
}

function withoutRow(run: RequestRun, external: External, stage: Stage): StepOutcome {
  const byName = run.judge.byName(external);
  const { question } = run.facts;
  if (byName === 'guard' && question === 'anonymous') return stopped('absence', external, stage, `by its name: the code of ${external.package} is not read`);
  if (byName === 'limiter' && question === 'any') return stopped('limit', external, stage, `by its name: the code of ${external.package} is not read`);
  if (stage.isLast && byName === undefined) return run.work();
  run.passedOpaque();
  return { kind: 'continues' };
}

function stopped(because: StopReason, external: External, stage: Stage, text: string): StepOutcome {
  return { kind: 'stopped', because, by: { name: nameOf(external), site: siteOf(external, stage), text } };
}

function guardOutcome(run: RequestRun, external: External, judgement: Judgement, args: readonly Value[], stage: Stage): StepOutcome {
  const { row } = judgement;
  if (row.role !== 'guard' || run.facts.question !== 'anonymous' || judgement.applies === 'no') return { kind: 'continues' };
  if (judgement.decision) return decide(run, judgement.decision.decider, judgement.decision.value, args, external, stage);
  if (isExempt(run, judgement.exemptions, stage)) return { kind: 'continues' };
  if (row.by === 'rules') return { kind: 'unknown', reason: `${nameOf(external)} decides by rules that are not read`, site: siteOf(external, stage) };
  const text = row.by === 'signature' ? `${external.package} rejects a request without a valid signature` : `${external.package} rejects a request without a valid credential`;
  if (judgement.applies === 'unknown') {
    // expressjwt({ credentialsRequired: config.strict })
    const applies = run.interpreter.decideNow(undecidedAt(`whether ${judgement.because ?? 'it applies'}`, siteOf(external, stage), 0));
    if (!applies) return { kind: 'continues' };
  }
  return stopped('absence', external, stage, text);
}

function limiterOutcome(run: RequestRun, external: External, judgement: Judgement, stage: Stage): StepOutcome {
  if (run.facts.question !== 'any' || judgement.applies === 'no') return { kind: 'continues' };
  if (isExempt(run, judgement.exemptions, stage)) return { kind: 'continues' };
  if (judgement.decision) {
    const { decider, value } = judgement.decision;
    const skips = run.interpreter.isTrue(run.interpreter.awaitValue(run.interpreter.call(value, UNDEFINED, parametersFor(run, decider), siteOf(external, stage)), siteOf(external, stage)), siteOf(external, stage));
    const passes = decider.outcome === 'true passes' ? skips : !skips;
    if (passes) return { kind: 'continues' };
  } else if (judgement.applies === 'unknown' && !run.interpreter.decideNow(undecidedAt('whether it limits', siteOf(external, stage), 0))) return { kind: 'continues' };
  return stopped('limit', external, stage, `${external.package} stops a client that sends too many requests`);
}

/** What the package hands to a function of the user's when a request without a credential comes. */
function parametersFor(run: RequestRun, decider: Decider): Value[] {
  const { interpreter } = run;
  const make: Readonly<Record<Parameter, () => Value>> = {
    request: () => run.request,
    response: () => run.response,
    next: () => UNDEFINED,
    'no error': () => NULL,
    error: () => {
      const error = interpreter.object([['message', new Primitive('no credential')]]);
      error.open = 'an error of the package';
      error.labels = ABSENT;
      return error;
    },
    'no user': () => withLabels(FALSE, ABSENT),
    information: () => absentValue(),
    'absent credential': () => absentValue(),
  };
  return decider.parameters.map((parameter) => make[parameter]());
}

function decide(run: RequestRun, decider: Decider, value: Value, args: readonly Value[], external: External, stage: Stage): StepOutcome {
  const site = siteOf(external, stage);
  if (!isCallable(value)) return { kind: 'unknown', reason: `the function that decides for ${nameOf(external)} could not be followed`, site };
  const settled = callDecider(run, decider, value, args, site);
  if (decider.outcome === 'takes over') return run.afterReturn(settled, stage);
  const result = run.interpreter.isTrue(settled, site);
  const passes = decider.outcome === 'true passes' ? result : !result;
  return passes ? { kind: 'continues' } : stopped('absence', external, stage, `${external.package} rejects a request without a valid credential`);
}

/** Calls the function of the user's as the package does where there is no credential, or where a right one is assumed. */
export function callDecider(run: RequestRun, decider: Decider, value: Value, args: readonly Value[], site: Site): Value {
  const given = run.question === 'any' || isRightGuess(run, decider, site) ? parametersForUser(run, decider, site) : parametersFor(run, decider);
  const parameters = given.map((parameter, index) => (decider.parameters[index] === 'next' ? args[2] ?? UNDEFINED : parameter));
  const returned = run.interpreter.call(value, UNDEFINED, parameters, site);
  return returned instanceof PromiseObject ? run.interpreter.awaitValue(returned, site) : returned;
}

/** passport.authenticate('local', (error, user) => { … req.logIn(user, …) })(req, res, next) in the handler of a login */
function isRightGuess(run: RequestRun, decider: Decider, site: Site): boolean {
  return decider.outcome === 'takes over' && decider.parameters.includes('no user') && run.guesses(site, false);
}

function parametersForUser(run: RequestRun, decider: Decider, site: Site): Value[] {
  return decider.parameters.map((parameter) => (parameter === 'no user' ? userOf(run, site) : parameter === 'no error' ? NULL : UNDEFINED));
}

function userOf(run: RequestRun, site: Site): HeapObject {
  const user = run.interpreter.object(undefined, site);
  user.open = 'a user that was found';
  return user;
}

/** expressjwt({ … }).unless({ path: ['/login', /^\/public/] }) */
function isExempt(run: RequestRun, exemptions: readonly Value[], stage: Stage): boolean {
  return exemptions.some((exemption) => {
    if (isCallable(exemption)) return run.interpreter.isTrue(run.interpreter.call(exemption, UNDEFINED, [run.request], stage.site), stage.site) === true;
    return exemption instanceof HeapObject && exemptsPath(run, exemption, stage.site);
  });
}

function exemptsPath(run: RequestRun, options: HeapObject, site: Site): boolean {
  const { interpreter } = run;
  run.facts.reads.add('originalUrl').add('method');
  const url = run.facts.originalUrl;
  const matches = (value: Value): boolean => {
    if (value instanceof Primitive) return value.value === url;
    if (value instanceof HeapObject && 'source' in value && 'flags' in value) return new RegExp(String(value.source), String(value.flags)).test(url);
    if (value instanceof HeapObject) {
      // { url: '/users', methods: ['GET'] }
      const methods = interpreter.get(value, 'methods', site);
      const method = interpreter.get(value, 'method', site);
      const listed = [...interpreter.iterate(methods, site).elements, method].filter((m) => m instanceof Primitive && typeof m.value === 'string');
      return matches(interpreter.get(value, 'url', site)) && (listed.length === 0 || listed.some((m) => m instanceof Primitive && m.value === run.facts.method));
    }
    return false;
  };
  const list = (value: Value): readonly Value[] => (value instanceof Primitive && value.value === undefined ? [] : value instanceof HeapObject && 'elements' in value ? interpreter.iterate(value, site).elements : [value]);
  if (list(interpreter.get(options, 'path', site)).some(matches)) return true;
  if (list(interpreter.get(options, 'method', site)).some((m) => m instanceof Primitive && m.value === run.facts.method)) return true;
  const custom = interpreter.get(options, 'custom', site);
  return isCallable(custom) && interpreter.isTrue(interpreter.call(custom, UNDEFINED, [run.request], site), site) === true;
}

function wrapperOutcome(run: RequestRun, external: External, judgement: Judgement, args: readonly Value[], stage: Stage): StepOutcome {
  const { row } = judgement;
  if (row.role !== 'wrapper' || row.effect === 'router') return { kind: 'continues' };
  if (row.effect === 'unless' && isExempt(run, judgement.exemptions.length > 0 ? judgement.exemptions : external.args, stage)) return { kind: 'continues' };
  if (row.effect === 'alternatives') {
    const functions = wrappedFunctions(run, external, row.wraps, stage.site);
    // The plugin's own options stand with the decoration that was called.
    return runAlternatives(run, functions, [external.args[1], external.base?.args[0]], stage, (value, inner) => runInner(run, value, args, inner));
  }
  let wrapped = wrappedFunctions(run, external, row.wraps, stage.site);
  if (typeof row.effect === 'object') {
    const test = external.args[row.effect.test];
    const holds = test && isCallable(test) ? run.interpreter.isTrue(run.interpreter.call(test, UNDEFINED, [run.request], stage.site), stage.site) : undefined;
    const taken = holds === false ? external.args[row.effect.otherwise] : undefined;
    if (holds === false) wrapped = taken ? [taken] : [];
  }
  if (wrapped.length === 0) return { kind: 'continues' };
  return runInOrder(run, wrapped, args, stage);
}

function wrappedFunctions(run: RequestRun, external: External, wraps: 'all' | 'receiver' | number | 'none', site: Site): Value[] {
  let call: External | undefined = external;
  while (call && call.step !== 'call' && call.step !== 'new') call = call.base;
  const args = call?.args ?? [];
  const chosen = wraps === 'all' ? args : typeof wraps === 'number' ? [args[wraps]].filter((a) => a !== undefined) : [];
  return chosen.flatMap((value): readonly Value[] => (value instanceof HeapObject && 'elements' in value ? run.interpreter.iterate(value, site).elements : [value]));
}

/** Functions that run one after the other inside one step; the last one's `next` is the step's. */
export function runInOrder(run: RequestRun, functions: readonly Value[], args: readonly Value[], stage: Stage): StepOutcome {
  for (const [index, value] of functions.entries()) {
    const outcome = runInner(run, value, args, { ...stage, isLast: stage.isLast && index === functions.length - 1 });
    if (outcome.kind !== 'continues' || outcome.to !== undefined) return outcome;
  }
  return { kind: 'continues' };
}

function runInner(run: RequestRun, value: Value, args: readonly Value[], stage: Stage): StepOutcome {
  if (value.kind === 'external') return runExternal(run, value, args, stage);
  if (!isCallable(value)) return { kind: 'unknown', reason: 'a wrapped function could not be followed', site: stage.site };
  try {
    return run.callIn(value, UNDEFINED, args, stage);
  } catch (signal) {
    if (signal instanceof StepEnd) return signal.outcome;
    throw signal;
  }
}

function siteOf(external: External, stage: Stage): Site {
  return external.site ?? stage.site;
}
