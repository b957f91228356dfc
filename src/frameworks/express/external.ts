import type { Decider, Judgement, Parameter } from '../../guards/catalogue/row.ts';
import { StepEnd, type StepOutcome, type StopReason } from '../../guards/chain.ts';
import { absentValue } from '../../guards/request/anonymous.ts';
import { undecidedAt } from '../../interpreter/truth.ts';
import { ABSENT, type External, HeapObject, NULL, PromiseObject, type Site, UNDEFINED, type Value, isCallable, withLabels, FALSE, Primitive } from '../../interpreter/values.ts';
import { nameOf } from './names.ts';
import type { Stop } from './routing.ts';
import type { ExpressRequest } from './steps.ts';

/** A function of a package in a chain: what the catalogue says it does, else what its name says, else it lets requests through. */
export function runExternal(run: ExpressRequest, external: External, args: readonly Value[], stop: Stop): StepOutcome {
  const judgement = run.judge.known(external);
  if (!judgement) return withoutRow(run, external, stop);
  const { row } = judgement;
  switch (row.role) {
    case 'guard': return guardOutcome(run, external, judgement, args, stop);
    case 'limiter': return limiterOutcome(run, external, judgement, stop);
    case 'terminal': return stop.isLast ? run.work(stop.site) : row.callsNext === 'never' ? run.stopped('refusal', siteOf(external, stop), undefined) : { kind: 'continues' };
    case 'wrapper': return wrapperOutcome(run, external, judgement, args, stop);
    case 'populates': case 'passes': return { kind: 'continues' };
    default: return stop.isLast ? run.work(stop.site) : { kind: 'continues' };
  }
}

function withoutRow(run: ExpressRequest, external: External, stop: Stop): StepOutcome {
  const byName = run.judge.byName(external);
  const { question } = run.facts;
  if (byName === 'guard' && question === 'anonymous') return stopped('absence', external, stop, `by its name: the code of ${external.package} is not read`);
  if (byName === 'limiter' && question === 'any') return stopped('limit', external, stop, `by its name: the code of ${external.package} is not read`);
  if (stop.isLast && byName === undefined) return run.work(stop.site);
  run.facts.hasOpaqueStep = true;
  return { kind: 'continues' };
}

function stopped(because: StopReason, external: External, stop: Stop, text: string): StepOutcome {
  return { kind: 'stopped', because, by: { name: nameOf(external), site: siteOf(external, stop), text } };
}

function guardOutcome(run: ExpressRequest, external: External, judgement: Judgement, args: readonly Value[], stop: Stop): StepOutcome {
  const { row } = judgement;
  if (row.role !== 'guard' || run.facts.question !== 'anonymous' || judgement.applies === 'no') return { kind: 'continues' };
  if (judgement.decision) return decide(run, judgement.decision.decider, judgement.decision.value, args, external, stop);
  if (isExempt(run, judgement.exemptions, stop)) return { kind: 'continues' };
  if (row.by === 'rules') return { kind: 'unknown', reason: `${nameOf(external)} decides by rules that are not read`, site: siteOf(external, stop) };
  const text = row.by === 'signature' ? `${external.package} rejects a request without a valid signature` : `${external.package} rejects a request without a valid credential`;
  if (judgement.applies === 'unknown') {
    // expressjwt({ credentialsRequired: config.strict })
    const applies = run.interpreter.decide(undecidedAt(`whether ${judgement.because ?? 'it applies'}`, siteOf(external, stop), 0));
    if (!applies) return { kind: 'continues' };
  }
  return stopped('absence', external, stop, text);
}

function limiterOutcome(run: ExpressRequest, external: External, judgement: Judgement, stop: Stop): StepOutcome {
  if (run.facts.question !== 'any' || judgement.applies === 'no') return { kind: 'continues' };
  if (isExempt(run, judgement.exemptions, stop)) return { kind: 'continues' };
  if (judgement.decision) {
    const { decider, value } = judgement.decision;
    const skips = run.interpreter.isTrue(run.interpreter.awaitValue(run.interpreter.call(value, UNDEFINED, parametersFor(run, decider), siteOf(external, stop)), siteOf(external, stop)), siteOf(external, stop));
    const passes = decider.outcome === 'true passes' ? skips : !skips;
    if (passes) return { kind: 'continues' };
  } else if (judgement.applies === 'unknown' && !run.interpreter.decide(undecidedAt('whether it limits', siteOf(external, stop), 0))) return { kind: 'continues' };
  return stopped('limit', external, stop, `${external.package} stops a client that sends too many requests`);
}

/** What the package hands to a function of the user's when a request without a credential comes. */
function parametersFor(run: ExpressRequest, decider: Decider): Value[] {
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

function decide(run: ExpressRequest, decider: Decider, value: Value, args: readonly Value[], external: External, stop: Stop): StepOutcome {
  const site = siteOf(external, stop);
  if (!isCallable(value)) return { kind: 'unknown', reason: `the function that decides for ${nameOf(external)} could not be followed`, site };
  const parameters = parametersFor(run, decider).map((parameter, index) => (decider.parameters[index] === 'next' ? args[2] ?? UNDEFINED : parameter));
  const returned = run.interpreter.call(value, UNDEFINED, parameters, site);
  const settled = returned instanceof PromiseObject ? run.interpreter.awaitValue(returned, site) : returned;
  if (decider.outcome === 'takes over') return run.afterReturn(settled, stop);
  const result = run.interpreter.isTrue(settled, site);
  const passes = decider.outcome === 'true passes' ? result : !result;
  return passes ? { kind: 'continues' } : stopped('absence', external, stop, `${external.package} rejects a request without a valid credential`);
}

/** expressjwt({ … }).unless({ path: ['/login', /^\/public/] }) */
function isExempt(run: ExpressRequest, exemptions: readonly Value[], stop: Stop): boolean {
  return exemptions.some((exemption) => {
    if (isCallable(exemption)) return run.interpreter.isTrue(run.interpreter.call(exemption, UNDEFINED, [run.request], stop.site), stop.site) === true;
    return exemption instanceof HeapObject && exemptsPath(run, exemption, stop.site);
  });
}

function exemptsPath(run: ExpressRequest, options: HeapObject, site: Site): boolean {
  const { interpreter } = run;
  run.facts.readsPath = true;
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

function wrapperOutcome(run: ExpressRequest, external: External, judgement: Judgement, args: readonly Value[], stop: Stop): StepOutcome {
  const { row } = judgement;
  if (row.role !== 'wrapper' || row.effect === 'router') return { kind: 'continues' };
  if (row.effect === 'unless' && isExempt(run, judgement.exemptions.length > 0 ? judgement.exemptions : external.args, stop)) return { kind: 'continues' };
  let wrapped = wrappedFunctions(run, external, row.wraps, stop.site);
  if (typeof row.effect === 'object') {
    const test = external.args[row.effect.test];
    const holds = test && isCallable(test) ? run.interpreter.isTrue(run.interpreter.call(test, UNDEFINED, [run.request], stop.site), stop.site) : undefined;
    const taken = holds === false ? external.args[row.effect.otherwise] : undefined;
    if (holds === false) wrapped = taken ? [taken] : [];
  }
  if (wrapped.length === 0) return { kind: 'continues' };
  return runInOrder(run, wrapped, args, stop);
}

function wrappedFunctions(run: ExpressRequest, external: External, wraps: 'all' | 'receiver' | number | 'none', site: Site): Value[] {
  let call: External | undefined = external;
  while (call && call.step !== 'call' && call.step !== 'new') call = call.base;
  const args = call?.args ?? [];
  const chosen = wraps === 'all' ? args : typeof wraps === 'number' ? [args[wraps]].filter((a) => a !== undefined) : [];
  return chosen.flatMap((value): readonly Value[] => (value instanceof HeapObject && 'elements' in value ? run.interpreter.iterate(value, site).elements : [value]));
}

/** Functions that run one after the other inside one step; the last one's `next` is the step's. */
export function runInOrder(run: ExpressRequest, functions: readonly Value[], args: readonly Value[], stop: Stop): StepOutcome {
  for (const [index, value] of functions.entries()) {
    const outcome = runInner(run, value, args, { ...stop, isLast: stop.isLast && index === functions.length - 1 });
    if (outcome.kind !== 'continues' || outcome.to !== undefined) return outcome;
  }
  return { kind: 'continues' };
}

function runInner(run: ExpressRequest, value: Value, args: readonly Value[], stop: Stop): StepOutcome {
  if (value.kind === 'external') return runExternal(run, value, args, stop);
  if (!isCallable(value)) return { kind: 'unknown', reason: 'a wrapped function could not be followed', site: stop.site };
  try {
    const returned = run.interpreter.call(value, UNDEFINED, args, stop.site);
    return run.afterReturn(returned instanceof PromiseObject ? run.interpreter.awaitValue(returned, stop.site) : returned, stop);
  } catch (signal) {
    if (signal instanceof StepEnd) return signal.outcome;
    throw signal;
  }
}

function siteOf(external: External, stop: Stop): Site {
  return external.site ?? stop.site;
}
