import { createServer, IncomingMessage, request as send, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { ExpressApplication, Position, Recorder } from './recorder.ts';
import { nextTurn, untilQuiet } from './rest.ts';

/** A request as a test states it. A body is sent as JSON. */
export interface Question {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** What came of a request. */
export interface Outcome {
  /** Undefined where the program never answers. */
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
  /** Where a handler's work was done: where the program answered with `reached` in a JSON body or set the header `x-reached`. */
  readonly workedIn: readonly Position[];
  /** Where the response was ended. */
  readonly answeredIn: Position | undefined;
}

interface Observation {
  readonly workedIn: Position[];
  readonly chunks: string[];
  answeredIn: Position | undefined;
}

/**
 * Sends requests to the application through a loopback port and closes it again.
 * A request that stays without an answer is recognised by the program coming to rest, not by a clock.
 */
export async function overLoopback<T>(recorder: Recorder, application: ExpressApplication, use: (ask: (question: Question) => Promise<Outcome>) => Promise<T>): Promise<T> {
  let observation = newObservation();
  const server = createServer((request, response) => {
    observe(recorder, response, observation);
    application(request, response);
    void untilQuiet(() => response.writableEnded).then((ended) => ended || response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const ask = async (question: Question): Promise<Outcome> => {
    const current = observation = newObservation();
    const payload = question.body === undefined ? undefined : JSON.stringify(question.body);
    return new Promise((resolve) => {
      const client = send({ host: '127.0.0.1', port, method: question.method, path: question.path, headers: headersOf(question, payload), agent: false }, (response) => {
        response.resume();
        response.on('close', () => resolve({ status: response.statusCode, headers: response.headers, ...seen(current) }));
      });
      client.on('error', () => resolve({ status: undefined, headers: {}, ...seen(current) }));
      client.end(payload);
    });
  };
  try {
    return await use(ask);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** Sends one request without a socket: Node's own request and response objects over a stream in memory. */
export async function inMemory(recorder: Recorder, application: ExpressApplication, question: Question): Promise<Outcome> {
  const stream = new Duplex({ read() {}, write(_chunk, _encoding, done) { done(); } });
  const socket = Object.assign(stream, { remoteAddress: '127.0.0.1', encrypted: false }) as unknown as Socket;
  const payload = question.body === undefined ? undefined : JSON.stringify(question.body);
  const request = new IncomingMessage(socket);
  request.method = question.method;
  request.url = question.path;
  request.httpVersion = '1.1';
  request.headers = headersOf(question, payload);
  if (payload !== undefined) request.push(payload);
  request.push(null);
  const response = new ServerResponse(request);
  response.assignSocket(socket);
  const observation = newObservation();
  observe(recorder, response, observation);
  application(request, response);
  const ended = response.writableEnded || await untilQuiet(() => response.writableEnded);
  return { status: ended ? response.statusCode : undefined, headers: response.getHeaders(), ...seen(observation) };
}

/**
 * Runs with unhandled rejections noted in place of ending the process, as Express 4 lets them happen:
 * the request they belong to simply stays without an answer.
 */
export async function toleratingRejections<T>(run: () => Promise<T>): Promise<T> {
  const listeners = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  const ignore = () => {};
  process.on('unhandledRejection', ignore);
  try {
    return await run();
  } finally {
    await nextTurn();
    process.off('unhandledRejection', ignore);
    for (const listener of listeners) process.on('unhandledRejection', listener);
  }
}

function headersOf(question: Question, payload: string | undefined): Record<string, string> {
  const body: Record<string, string> = payload === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(payload)) };
  return { host: 'localhost', ...body, ...question.headers };
}

function newObservation(): Observation {
  return { workedIn: [], chunks: [], answeredIn: undefined };
}

function seen(observation: Observation): Pick<Outcome, 'body' | 'workedIn' | 'answeredIn'> {
  return { body: observation.chunks.join(''), workedIn: observation.workedIn, answeredIn: observation.answeredIn };
}

function observe(recorder: Recorder, response: ServerResponse, observation: Observation): void {
  const worked = () => {
    const position = recorder.position();
    if (position) observation.workedIn.push(position);
  };
  const { end, write, setHeader } = response;
  response.setHeader = function (this: ServerResponse, name, value) {
    if (name.toLowerCase() === 'x-reached') worked();
    return setHeader.call(this, name, value);
  };
  const noteChunk = (chunk: unknown) => {
    if (typeof chunk !== 'string' && !Buffer.isBuffer(chunk)) return;
    observation.chunks.push(String(chunk));
    if (String(chunk).includes('"reached"')) worked();
  };
  response.write = function (this: ServerResponse, ...parameters: unknown[]) {
    noteChunk(parameters[0]);
    return Reflect.apply(write, this, parameters) as boolean;
  } as ServerResponse['write'];
  response.end = function (this: ServerResponse, ...parameters: unknown[]) {
    noteChunk(parameters[0]);
    observation.answeredIn ??= recorder.position();
    return Reflect.apply(end, this, parameters) as ServerResponse;
  } as ServerResponse['end'];
}
