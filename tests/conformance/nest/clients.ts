import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { createClient } from 'graphql-ws';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import type { Entrypoint } from './entrypoints.ts';
import type { RunningApplication } from './running.ts';
import type { Scenario } from './truth.ts';

type Credentials = Scenario['headers'];

/** Whether a call gets to the work of a method, which says `reached`. */
export async function reaches(running: RunningApplication, entrypoint: Entrypoint, credentials: Credentials, scenario: Scenario): Promise<boolean> {
  switch (entrypoint.kind) {
    case 'websocket': return await overSocket(running, entrypoint, credentials);
    case 'message': return await overTcp(running, entrypoint, credentials);
    default: return entrypoint.method === 'SUBSCRIPTION' ? await bySubscription(running, entrypoint, credentials, scenario) : await byQuery(running, entrypoint, credentials, scenario);
  }
}

async function byQuery({ address }: RunningApplication, { method, path, pattern }: Entrypoint, headers: Credentials, { graphqlPath, queries }: Scenario): Promise<boolean> {
  const query = queries[path] ?? `${method.toLowerCase()} { ${String(pattern)} }`;
  const response = await fetch(address + graphqlPath, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify({ query }) });
  const text = await response.text();
  return /"data":.*reached/.test(text);
}

async function bySubscription({ address }: RunningApplication, { pattern }: Entrypoint, connectionParams: Credentials, { graphqlPath }: Scenario): Promise<boolean> {
  const client = createClient({ url: address.replace('http', 'ws') + graphqlPath, webSocketImpl: WebSocket, connectionParams: { ...connectionParams }, retryAttempts: 0 });
  try {
    for await (const result of client.iterate({ query: `subscription { ${String(pattern)} }` })) return JSON.stringify(result.data ?? '').includes('reached');
    return false;
  } catch {
    return false;
  } finally {
    await client.dispose();
  }
}

async function overSocket({ address }: RunningApplication, { namespace, pattern }: Entrypoint, credentials: Credentials): Promise<boolean> {
  const socket = io(address + namespace, { transports: ['websocket'], auth: { ...credentials }, extraHeaders: { ...credentials }, reconnection: false, forceNew: true });
  try {
    return await new Promise((resolve) => {
      for (const event of ['connect_error', 'disconnect', 'exception']) socket.on(event, () => resolve(false));
      socket.emit(String(pattern), {}, (answer: unknown) => resolve(answer === 'reached'));
    });
  } finally {
    socket.disconnect();
  }
}

/** Credentials of a message stand in its data. */
async function overTcp({ ports: [port] }: RunningApplication, { pattern }: Entrypoint, credentials: Credentials): Promise<boolean> {
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port: port as number } });
  try {
    return await firstValueFrom(client.send(pattern, { ...credentials })) === 'reached';
  } catch {
    return false;
  } finally {
    await client.close();
  }
}
