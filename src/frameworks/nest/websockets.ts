import type { Interpreter } from '../../interpreter/interpreter.ts';
import { HeapObject, Primitive, TRUE, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';
import { argument, decorator, type Factory, setMetadata } from './decorators.ts';
import { GATEWAY, GATEWAY_OPTIONS, GATEWAY_PORT, MESSAGE, MESSAGE_MAPPING } from './keys.ts';
import { createServer } from './socket.ts';
import type { NestStore } from './store.ts';

type Make = (interpreter: Interpreter) => Value;

/** Exports of @nestjs/websockets that say what a client can send, and who handles it. */
export function websocketExports(store: NestStore): ReadonlyMap<string, Make> {
  const decorators: readonly (readonly [string, Factory])[] = [
    ['WebSocketGateway', gateway],
    ['SubscribeMessage', subscribe],
    ['ConnectedSocket', argument(store, 0)],
    ['MessageBody', argument(store, 1)],
  ];
  return new Map(decorators.map(([name, factory]) => [name, (interpreter: Interpreter) => interpreter.native(name, factory)] as const));
}

/** @WebSocketGateway(), @WebSocketGateway({ namespace: 'chat' }), @WebSocketGateway(81, { path: '/ws' }) */
const gateway: Factory = ({ interpreter, args: [first, second] }) => decorator(interpreter, 'WebSocketGateway', (bearer) => {
  const hasPort = first instanceof Primitive && typeof first.value === 'number';
  setMetadata(interpreter, bearer, GATEWAY, TRUE);
  setMetadata(interpreter, bearer, GATEWAY_PORT, hasPort ? first : new Primitive(0));
  setMetadata(interpreter, bearer, GATEWAY_OPTIONS, (hasPort ? second : first) ?? UNDEFINED);
});

const subscribe: Factory = ({ interpreter, args: [message] }) => decorator(interpreter, 'SubscribeMessage', (bearer) => {
  setMetadata(interpreter, bearer, MESSAGE, message ?? UNDEFINED);
  setMetadata(interpreter, bearer, MESSAGE_MAPPING, TRUE);
});

/** The adapter that programs extend to ask who connects: `createIOServer(port, options) { const server = super.createIOServer(port, options); … }` */
export function ioAdapter(interpreter: Interpreter): Value {
  return nativeClass(interpreter, 'IoAdapter', {
    methods: {
      createIOServer: ({ args: [, options] }) => createServer(interpreter, options instanceof HeapObject ? options : undefined),
      create: ({ args: [, options] }) => createServer(interpreter, options instanceof HeapObject ? options : undefined),
    },
  });
}
