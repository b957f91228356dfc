import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ArrayObject, Primitive, UNDEFINED, type Value } from '../../interpreter/values.ts';
import { argument, bearerOf, decorator, type Factory, setMetadata } from './decorators.ts';
import { PATTERN, PATTERN_HANDLER } from './keys.ts';
import type { NestStore } from './store.ts';

type Make = (interpreter: Interpreter) => Value;

/** Numbers that Nest keeps for a handler that answers and for one that only listens. */
export const ANSWERS = 1;
export const LISTENS = 2;

/** Exports of @nestjs/microservices that say which messages are handled. */
export function microserviceExports(store: NestStore): ReadonlyMap<string, Make> {
  const decorators: readonly (readonly [string, Factory])[] = [
    ['MessagePattern', pattern(ANSWERS)],
    ['EventPattern', pattern(LISTENS)],
    ['GrpcMethod', grpc],
    ['GrpcStreamMethod', grpc],
    ['GrpcStreamCall', grpc],
    ['Payload', argument(store, 0)],
    ['Ctx', argument(store, 1)],
  ];
  return new Map(decorators.map(([name, factory]) => [name, (interpreter: Interpreter) => interpreter.native(name, factory)] as const));
}

/** @MessagePattern('sum'), @MessagePattern({ cmd: 'sum' }), @EventPattern(['a', 'b']) */
function pattern(handles: number): Factory {
  return ({ interpreter, args: [given] }) => decorator(interpreter, 'MessagePattern', (bearer) => {
    setMetadata(interpreter, bearer, PATTERN_HANDLER, new Primitive(handles));
    setMetadata(interpreter, bearer, PATTERN, given instanceof ArrayObject ? given : interpreter.array([given ?? UNDEFINED]));
  });
}

/** @GrpcMethod('HeroService', 'FindOne'), @GrpcMethod('HeroService'), @GrpcMethod() */
const grpc: Factory = ({ interpreter, args: [service, method] }) => interpreter.native('GrpcMethod', (call) => {
  const bearer = bearerOf(call.args);
  if (!bearer) return UNDEFINED;
  const [target, key] = call.args;
  const own = key instanceof Primitive ? String(key.value) : '';
  const owner = target ? interpreter.get(interpreter.get(target, 'constructor', call.site), 'name', call.site) : UNDEFINED;
  const name = method ?? new Primitive(own.charAt(0).toUpperCase() + own.slice(1));
  setMetadata(interpreter, bearer, PATTERN_HANDLER, new Primitive(ANSWERS));
  setMetadata(interpreter, bearer, PATTERN, interpreter.array([interpreter.object([['service', service ?? owner], ['rpc', name]])]));
  return UNDEFINED;
});
