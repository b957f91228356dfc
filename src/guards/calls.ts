import type { External} from '../interpreter/values.ts';
import { ABSENT } from '../interpreter/labels.ts';
import { FunctionObject, isCallable, labelsOf, type Site, UNDEFINED, type Value, withLabels } from '../interpreter/values.ts';
import { StepEnd } from './chain.ts';
import { callDecider, runExternal } from './external.ts';
import { nameOf } from './names.ts';
import { absentValue, clientValue } from './request/anonymous.ts';
import type { RequestRun } from './request-run.ts';

/** Names of calls that are given the response and do not answer. */
const ONLY_LOOKS = /^(on|once|log|info|debug|warn|error|trace|onFinished|onHeaders|isFinished|morgan|setHeaders?|emit|track|capture\w*|watch|monitor|time\w*)$/i;

/** Names of calls that look for who is asking. */
const ASKS_WHO = /session|user|auth|token|identity|principal|claims|account|member|login|logged|permission|admin/i;

/** Of these, names of calls that are a log-in themselves: what the client brings is exchanged for a token. */
const EXCHANGES = /authorization_?code|exchange|callback/i;

/** A call of a package's function from the code of a step, with the request, the response or `next` among its arguments. */
export function callFromStep(run: RequestRun, callee: External, args: readonly Value[], site: Site): Value | undefined {
  const [, , third] = args;
  if (args.includes(run.request)) {
    const handled = letDecide(run, callee, args, site);
    if (handled) return handled;
  }
  const passesOn = args.some((a) => run.isContinuation(a)) || (args[0] === run.request && args[1] === run.response && third instanceof FunctionObject);
  if (passesOn) return callMiddleware(run, callee, args, site);
  if (args.includes(run.response)) {
    if (!ONLY_LOOKS.test(calledName(callee))) run.answeredBy(site);
    return undefined;
  }
  if (args.includes(run.request)) return askAbout(run, callee, site);
  return undefined;
}

/**
 * The package leaves what comes next to a function of the user's. Where that neither answers nor hands the request on, the step goes on.
 *
 *     const user = await new Promise((resolve) => passport.authenticate('jwt', (error, user) => resolve(user))(req, res));
 */
function letDecide(run: RequestRun, callee: External, args: readonly Value[], site: Site): Value | undefined {
  const judgement = run.judge.known(callee);
  if (judgement?.applies === 'no' || judgement?.decision?.decider.outcome !== 'takes over' || !isCallable(judgement.decision.value)) return undefined;
  // A limit is looked for in the steps, whoever the client is.
  if (run.question === 'any' && args.some((a) => run.isContinuation(a))) return undefined;
  return withLabels(UNDEFINED, labelsOf(callDecider(run, judgement.decision.decider, judgement.decision.value, args, site)));
}

/** The last part of a callee's name; the package's where that is the function: `import onFinished from 'on-finished'`. */
function calledName(callee: External): string {
  return nameOf(callee).split(/[./]/).at(-1)?.replaceAll('-', '') ?? '';
}

/** passport.authenticate('jwt')(req, res, next); upload.single('file')(req, res, (error) => …); schema.validate(body).catch(next) */
function callMiddleware(run: RequestRun, callee: External, args: readonly Value[], site: Site): Value | undefined {
  const { running, interpreter } = run;
  if (!running || callee.name === 'catch') return undefined;
  const outcome = runExternal(run, callee, args, { ...running, isLast: false, isOwn: false });
  const continuation = args.find((a) => run.isContinuation(a)) ?? args[2] ?? UNDEFINED;
  if (outcome.kind === 'continues') return interpreter.call(continuation, UNDEFINED, [], site);
  if (outcome.kind === 'stopped' && continuation instanceof FunctionObject) {
    const error = interpreter.object();
    error.open = `an error of ${nameOf(callee)}`;
    error.labels = ABSENT;
    return interpreter.call(continuation, UNDEFINED, [outcome.because === 'absence' ? error : UNDEFINED], site);
  }
  throw new StepEnd(outcome);
}

/** getSession(req), getAuth(req) — without a row, the name says whether it looks for a credential. */
function askAbout(run: RequestRun, callee: External, site: Site): Value {
  const name = nameOf(callee);
  if (run.question === 'anonymous' && ASKS_WHO.test(name) && !EXCHANGES.test(name)) return run.interpreter.promise('fulfilled', withLabels(absentValue(), ABSENT), site);
  return clientValue(`${name}(req)`, site);
}
