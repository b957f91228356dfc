import { credentials as channelCredentials, type GrpcObject, loadPackageDefinition, Metadata, type ServiceClientConstructor } from '@grpc/grpc-js';
import { loadSync } from '@grpc/proto-loader';
import { ClientProxyFactory, Transport } from '@nestjs/microservices';
import { createClient } from 'graphql-ws';
import { firstValueFrom } from 'rxjs';
import { io } from 'socket.io-client';
import { WebSocket } from 'ws';
import { setTimeout } from 'node:timers/promises';
import { type Entrypoint, isRemoteCall, type RemoteCall } from './entrypoints.ts';
import type { RunningApplication } from './running.ts';
import type { Scenario } from './truth.ts';

type Credentials = Scenario['headers'];

/** Whether a call gets to the work of a method, which says `reached`. */
export async function reaches(running: RunningApplication, entrypoint: Entrypoint, credentials: Credentials, scenario: Scenario): Promise<boolean> {
  switch (entrypoint.kind) {
    case 'websocket': return await overSocket(running, entrypoint, credentials);
    case 'message': return await byMessage(running, entrypoint, credentials);
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

/** One server that hands the message on is enough. */
async function byMessage({ ports, remote }: RunningApplication, { method, pattern }: Entrypoint, credentials: Credentials): Promise<boolean> {
  if (isRemoteCall(pattern)) return remote !== undefined && await byRemoteCall(remote, pattern, credentials);
  for (const port of ports) if (await overTcp(port, pattern, method, credentials)) return true;
  return false;
}

/** Credentials of a message stand in its data. Who handles an event answers nobody, and tells the process instead. */
async function overTcp(port: number, pattern: unknown, method: string, credentials: Credentials): Promise<boolean> {
  const client = ClientProxyFactory.create({ transport: Transport.TCP, options: { host: '127.0.0.1', port } });
  let told = false;
  const listener = (): void => {
    told = true;
  };
  process.on(REACHED, listener);
  try {
    if (method !== 'EVENT') return await firstValueFrom(client.send(pattern, { ...credentials })) === 'reached';
    await firstValueFrom(client.emit(pattern, { ...credentials }), { defaultValue: undefined });
    for (let waited = 0; waited < 20 && !told; waited++) await setTimeout(10);
    return told;
  } catch {
    return false;
  } finally {
    process.off(REACHED, listener);
    await client.close();
  }
}

/** What a handler of a fixture emits on the process where it has nobody to answer. */
const REACHED = 'reached';

/** Credentials of a call stand in its metadata. */
async function byRemoteCall({ url, proto }: { readonly url: string; readonly proto: string }, { service, rpc }: RemoteCall, credentials: Credentials): Promise<boolean> {
  const [own] = Object.values(loadPackageDefinition(loadSync(proto))) as GrpcObject[];
  const Client = own![service] as ServiceClientConstructor;
  const client = new Client(url, channelCredentials.createInsecure());
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(credentials)) metadata.set(name, value);
  try {
    return await new Promise((resolve) => client[rpc]!({}, metadata, (error: unknown, answer: unknown) => resolve(!error && JSON.stringify(answer).includes('reached'))));
  } finally {
    client.close();
  }
}
