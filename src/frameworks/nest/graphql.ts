import type { Interpreter } from '../../interpreter/interpreter.ts';
import { ClassObject, HeapObject, type NativeCall, Primitive, TRUE, UNDEFINED, type Value, isCallable } from '../../interpreter/values.ts';
import { nativeClass } from '../native-class.ts';
import { contextFacts, createGraphqlContext } from './context.ts';
import { argument, bearerOf, decorator, type Factory, setMetadata } from './decorators.ts';
import { asyncOptions } from './dynamic-module.ts';
import { GRAPHQL_OPTIONS, RESOLVER_NAME, RESOLVER_PROPERTY, RESOLVER_REFERENCE, RESOLVER_TYPE } from './keys.ts';
import type { NestStore } from './store.ts';

type Make = (interpreter: Interpreter) => Value;

/** Exports of @nestjs/graphql that say who is asked for a field, and with what. */
export function graphqlExports(store: NestStore): ReadonlyMap<string, Make> {
  const decorators: readonly (readonly [string, Factory])[] = [
    ...['Query', 'Mutation', 'Subscription'].map((type) => [type, root(type)] as const),
    ['Resolver', resolver],
    ['ResolveField', field],
    ['ResolveProperty', field],
    ['ResolveReference', ({ interpreter }) => decorator(interpreter, 'ResolveReference', (bearer) => setMetadata(interpreter, bearer, RESOLVER_REFERENCE, TRUE))],
    ['Root', argument(store, 0)],
    ['Parent', argument(store, 0)],
    ['Args', argument(store, 1)],
    ['Context', argument(store, 2)],
    ['Info', argument(store, 3)],
  ];
  return new Map<string, Make>([
    ...decorators.map(([name, factory]) => [name, (interpreter: Interpreter) => interpreter.native(name, factory)] as const),
    ['GraphQLModule', createModule],
    // Filters get the second; guards may use it too.
    ...['GqlExecutionContext', 'GqlArgumentsHost'].map((name) => [name, (interpreter: Interpreter) => contextClass(interpreter, name)] as const),
  ]);
}

function contextClass(interpreter: Interpreter, name: string): Value {
  return nativeClass(interpreter, name, {
    statics: {
      create: ({ args: [context], site }) => {
        const facts = contextFacts(context);
        return facts ? createGraphqlContext(interpreter, facts) : interpreter.unknown('the context of something that is not known', site);
      },
    },
  });
}

/** @Query('users'), @Query(() => [User]), @Query(() => [User], { name: 'users' }) */
function root(type: string): Factory {
  return ({ interpreter, args, site }) => decorator(interpreter, type, (bearer) => {
    setMetadata(interpreter, bearer, RESOLVER_TYPE, new Primitive(type));
    setMetadata(interpreter, bearer, RESOLVER_NAME, nameIn(interpreter, args, site));
  });
}

/** @ResolveField(), @ResolveField('posts', () => [Post]), @ResolveField(() => [Post], { name: 'posts' }) */
const field: Factory = ({ interpreter, args, site }) => decorator(interpreter, 'ResolveField', (bearer) => {
  setMetadata(interpreter, bearer, RESOLVER_PROPERTY, TRUE);
  setMetadata(interpreter, bearer, RESOLVER_NAME, nameIn(interpreter, args, site));
});

function nameIn(interpreter: Interpreter, args: readonly Value[], site: NativeCall['site']): Value {
  const [first] = args;
  if (first instanceof Primitive && typeof first.value === 'string') return first;
  const options = args.findLast((given) => given instanceof HeapObject && !isCallable(given));
  return options ? interpreter.get(options, 'name', site) : UNDEFINED;
}

/** @Resolver(), @Resolver('User'), @Resolver(User), @Resolver(() => User); schema-first, also above a method */
const resolver: Factory = ({ interpreter, args: [given], site }) => interpreter.native('Resolver', (call) => {
  const bearer = bearerOf(call.args);
  if (!bearer || !given || (given instanceof HeapObject && !isCallable(given))) return UNDEFINED;
  const type = isCallable(given) && !(given instanceof ClassObject) ? interpreter.call(given, UNDEFINED, [], site) : given;
  const name = type instanceof ClassObject ? new Primitive(type.name) : type;
  if (name instanceof Primitive && typeof name.value === 'string') setMetadata(interpreter, bearer, RESOLVER_NAME, name);
  return UNDEFINED;
});

function createModule(interpreter: Interpreter): Value {
  const dynamic = (call: NativeCall, members: readonly (readonly [PropertyKey, Value])[], further: readonly Value[], imports: Value): Value => interpreter.object([
    ['module', created],
    ['imports', imports],
    ['providers', interpreter.array([...further, interpreter.object([['provide', new Primitive(GRAPHQL_OPTIONS)], ...members])])],
  ], call.site);
  const created = nativeClass(interpreter, 'GraphQLModule', {
    statics: {
      forRoot: (call) => dynamic(call, [['useValue', call.args[0] ?? interpreter.object()]], [], UNDEFINED),
      forRootAsync: (call) => {
        const [options] = call.args;
        const { members, further } = asyncOptions(call, 'createGqlOptions');
        if (!(options instanceof HeapObject)) return dynamic(call, members, further, UNDEFINED);
        const driver = interpreter.get(options, 'driver', call.site);
        return dynamic(call, members.map(([key, value]) => [key, key === 'useFactory' ? withDriver(interpreter, value, driver) : value]), further, interpreter.get(options, 'imports', call.site));
      },
    },
  });
  return created;
}

/** forRootAsync({ driver: ApolloFederationDriver, useFactory })      the driver stands beside what gives the other options */
function withDriver(interpreter: Interpreter, factory: Value, driver: Value): Value {
  return interpreter.native('useFactory', ({ receiver, args, site }) => {
    const made = interpreter.awaitValue(interpreter.call(factory, receiver, args, site), site);
    if (made instanceof HeapObject) interpreter.heap.setProperty(made, 'driver', driver);
    return made;
  });
}
