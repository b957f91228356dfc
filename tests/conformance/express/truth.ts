import { overLoopback } from './exchange.ts';
import type { Outcome, Question } from './exchange.ts';
import { isAt } from './recorder.ts';
import type { ExpressApplication, Recorder, RunningEndpoint } from './recorder.ts';
import { joinSamples, samplesOf } from './samples.ts';
import type { Attempt, Scenario } from './scenario.ts';

/** What the running framework did with one endpoint. */
export interface Truth {
  readonly endpoint: RunningEndpoint;
  /** As `METHOD /path/:as/registered`, for messages and for the keys of `scenario.json`. */
  readonly name: string;
  /** The work ran for a caller without credentials. */
  readonly openToAnonymous: boolean;
  /** The work ran for somebody: the anonymous or the holder of credentials. */
  readonly reachable: boolean;
  /** The anonymous request went on to the work of another registration for the same path. */
  readonly passedOn: boolean;
  /** No request for the path got to any work, with or without credentials: what stands there shows in nothing. */
  readonly isClosed?: boolean;
  /** Requests in a row stopped. Undefined where the work never ran, so that no limit can be told from a guard. */
  readonly limited: boolean | undefined;
}

type Boot = () => Promise<ExpressApplication>;
type Ask = (question: Question) => Promise<Outcome>;

/** Asks every endpoint, each on a freshly booted application. */
export async function askFramework(recorder: Recorder, scenario: Scenario, boot: Boot): Promise<Truth[]> {
  const overview = recorder.endpointsOf(await boot());
  const truths: Truth[] = [];
  for (const [index, endpoint] of overview.entries()) {
    // Express 4 itself registers two middlewares.
    if (endpoint.registration.frames.length === 0) continue;
    truths.push(await askEndpoint(recorder, scenario, boot, endpoint, index));
  }
  return truths;
}

async function askEndpoint(recorder: Recorder, scenario: Scenario, boot: Boot, endpoint: RunningEndpoint, index: number): Promise<Truth> {
  const paths = joinSamples(endpoint.segments.map((pattern) => samplesOf(pattern, recorder.major, scenario.samples)));
  const path = endpoint.segments.map(String).join('').replaceAll(/\/+/g, '/').replace(/(.)\/$/, '$1');
  const name = `${endpoint.methods.join(',')} ${path}`;
  const questions = paths.flatMap((sample) => methodsToAsk(endpoint).flatMap((method) => questionsFor(scenario, name, method, sample)));

  const withFreshApplication = async <T>(use: (ask: Ask, own: RunningEndpoint) => Promise<T>): Promise<T> => {
    const application = await boot();
    const own = recorder.endpointsOf(application)[index];
    if (!own) throw new Error(`${name}: a second boot registers less than the first`);
    return overLoopback(recorder, application, (ask) => use(ask, own));
  };

  // Middleware is listed only if it turns out to answer by itself.
  if (endpoint.methods.includes('USE')) {
    const { open, outcome } = await withFreshApplication(async (ask, own) => {
      const outcome = await ask(questions[0]!);
      return { open: worked(own, outcome), outcome };
    });
    return { endpoint, name, openToAnonymous: open, reachable: open, passedOn: outcome.workedIn.length > 0, limited: open ? false : undefined };
  }

  const rows: Answer[][] = [];
  for (const question of questions) {
    const answers = await withFreshApplication((ask, own) => row(ask, own, question, scenario.attempts));
    if (answers[0]?.worked) return { endpoint, name, openToAnonymous: true, reachable: true, passedOn: false, limited: stops(answers) };
    rows.push(answers);
  }
  const passedOn = rows.some(([first]) => first?.workedElsewhere);
  for (const question of questions) {
    const answers = await withFreshApplication(async (ask, own) => row(ask, own, await withCredentials(ask, scenario, question), scenario.attempts));
    if (answers[0]?.worked) return { endpoint, name, openToAnonymous: false, reachable: true, passedOn, limited: stops(answers) || rows.some(stops) };
  }
  // Of what another registration answers, nothing follows for this one.
  return { endpoint, name, openToAnonymous: false, reachable: false, passedOn, limited: (!passedOn && rows.some(stops)) || undefined };
}

interface Answer {
  readonly worked: boolean;
  readonly workedElsewhere: boolean;
  readonly status: number | undefined;
}

async function row(ask: Ask, own: RunningEndpoint, question: Question, attempts: number): Promise<Answer[]> {
  const answers: Answer[] = [];
  for (let attempt = 0; attempt < attempts; attempt++) {
    const outcome = await ask(question);
    answers.push({ worked: worked(own, outcome), workedElsewhere: outcome.workedIn.length > 0, status: outcome.status });
  }
  return answers;
}

function stops(answers: readonly Answer[]): boolean {
  const [first] = answers;
  if (!first) return false;
  if (first.worked) return answers.some((answer) => !answer.worked);
  return first.status !== 429 && answers.some((answer) => answer.status === 429);
}

function worked(endpoint: RunningEndpoint, outcome: Outcome): boolean {
  if (outcome.workedIn.some((position) => isAt(endpoint, position))) return true;
  // What is mounted and answers by itself, such as static files, has no handler to mark.
  const answered = outcome.answeredIn !== undefined && isAt(endpoint, outcome.answeredIn);
  return endpoint.methods.includes('USE') && answered && outcome.status === 200 && !outcome.headers['content-type']?.toString().includes('json');
}

function methodsToAsk(endpoint: RunningEndpoint): readonly string[] {
  if (endpoint.methods.includes('ALL')) return ['GET', 'POST', 'PUT', 'DELETE'];
  if (endpoint.methods.includes('USE')) return ['GET'];
  return endpoint.methods;
}

function questionsFor(scenario: Scenario, name: string, method: string, path: string): Question[] {
  const attempts: readonly Attempt[] = [...scenario.requests[name] ?? [], {}];
  return attempts.map(({ headers, query, body }) => ({ method, path: query ? `${path}?${query}` : path, headers, body }));
}

async function withCredentials(ask: Ask, scenario: Scenario, question: Question): Promise<Question> {
  const { headers, login } = scenario.credentials;
  const cookies = login ? cookiesOf(await ask(login)) : undefined;
  return { ...question, headers: { ...question.headers, ...headers, ...cookies && { cookie: cookies } } };
}

function cookiesOf(outcome: Outcome): string {
  const set = outcome.headers['set-cookie'];
  return [set ?? []].flat().map((cookie) => String(cookie).split(';')[0]).join('; ');
}
