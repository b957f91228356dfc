import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { analyze } from '../../../src/analysis.ts';
import { Project } from '../../../src/project/project.ts';
import { readSettings } from '../../../src/settings.ts';

const folders: string[] = [];
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true })));

interface Parts {
  /** Classes, before the root module. */
  readonly classes: string;
  readonly module: string;
  /** Between the creation of the application and its start. */
  readonly main?: string;
  readonly create?: string;
  readonly settings?: object;
}

/** `GraphQL`-like lines of the inventory: kind, method, path, verdict, and `(unmounted)`. */
function inventoryOf({ classes, module, main = '', create = 'create(AppModule)', settings }: Parts): string[] {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'nest-')));
  folders.push(folder);
  mkdirSync(path.join(folder, 'src'));
  writeFileSync(path.join(folder, 'package.json'), '{ "name": "shop", "dependencies": { "@nestjs/core": "^11.0.0" } }');
  writeFileSync(path.join(folder, 'src/main.ts'), `
    import { Controller, Get, Injectable, Module, UnauthorizedException, UseGuards } from '@nestjs/common';
    import { APP_GUARD, NestFactory } from '@nestjs/core';
    import { ApolloDriver } from '@nestjs/apollo';
    import { MercuriusDriver } from '@nestjs/mercurius';
    import { Args, Context, GqlExecutionContext, GraphQLModule, Mutation, Query, ResolveField, Resolver, Subscription } from '@nestjs/graphql';
    import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
    import { EventPattern, GrpcMethod, MessagePattern } from '@nestjs/microservices';

    @Injectable()
    class MetadataGuard {
      canActivate(context) {
        return context.getArgByIndex(1).get('authorization').length > 0;
      }
    }
    ${classes}
    @Module(${module})
    class AppModule {}
    async function bootstrap() {
      const app = await NestFactory.${create};
      ${main}
      await app.listen(3000);
    }
    bootstrap();
  `);
  const read = readSettings(settings, folder);
  return analyze(new Project({ root: folder, ignore: read.ignore }), read).endpoints.map(({ kind, methods, path: at, auth, mounted }) => `${kind} ${methods.join()} ${at} ${auth.status}${mounted ? '' : ' (unmounted)'}`);
}

const resolver = `
  @Resolver()
  class UsersResolver {
    @Query(() => String) users() { return service.all(); }
    @Mutation(() => String) login() { return service.login(); }
  }`;
const graphql = `imports: [GraphQLModule.forRoot({ driver: ApolloDriver })]`;

describe('GraphQL', () => {
  it('takes a login for public, and no field for a path of HTTP', () => {
    const parts = { classes: resolver, module: `{ ${graphql}, providers: [UsersResolver] }` };
    expect(inventoryOf({ ...parts, settings: { publicPaths: ['/users'] } })).toEqual(['graphql QUERY users naked', 'graphql MUTATION login public']);
    expect(inventoryOf({ ...parts, settings: { publicPaths: ['QUERY /users'], defaultPublicPaths: false } })).toEqual(['graphql QUERY users public', 'graphql MUTATION login naked']);
  });

  it('is not served without its module, or by a module that does not include the resolvers', () => {
    expect(inventoryOf({ classes: resolver, module: '{ providers: [UsersResolver] }' })[0]).toBe('graphql QUERY users naked (unmounted)');
    const classes = `${resolver} @Module({}) class Other {}`;
    expect(inventoryOf({ classes, module: '{ imports: [GraphQLModule.forRoot({ driver: ApolloDriver, include: [Other] })], providers: [UsersResolver] }' })[0]).toBe('graphql QUERY users naked (unmounted)');
    const included = `@Module({ providers: [UsersResolver] }) class Users {} @Module({ imports: [Users] }) class Other {}`;
    expect(inventoryOf({ classes: `${resolver} ${included}`, module: '{ imports: [GraphQLModule.forRoot({ driver: ApolloDriver, include: [Other] }), Other] }' })[0]).toBe('graphql QUERY users naked');
  });

  it('serves no subscription without a connection for them', () => {
    const classes = `@Resolver() class Ticks { @Subscription(() => String, { name: 'ticked' }) ticks() { return iterator(); } }`;
    expect(inventoryOf({ classes, module: `{ ${graphql}, providers: [Ticks] }` })).toEqual(['graphql SUBSCRIPTION ticked naked (unmounted)']);
  });

  it('has fields of types only where guards run for them', () => {
    const classes = `@Resolver('User') class Fields { @Query('users') all() { return service.all(); } @ResolveField('posts') of() { return service.posts(); } }`;
    expect(inventoryOf({ classes, module: `{ ${graphql}, providers: [Fields] }` })).toEqual(['graphql QUERY users naked']);
    expect(inventoryOf({ classes, module: `{ imports: [GraphQLModule.forRoot({ driver: ApolloDriver, fieldResolverEnhancers: ['guards'] })], providers: [Fields] }` })).toEqual(['graphql QUERY users naked', 'graphql FIELD User.posts naked']);
  });

  it('is not judged where its context cannot be followed', () => {
    const classes = `
      @Injectable() class ViewerGuard { canActivate(context) { return Boolean(GqlExecutionContext.create(context).getContext().viewer); } }
      @Resolver() class Users { @UseGuards(ViewerGuard) @Query(() => String) users() { return service.all(); } }`;
    expect(inventoryOf({ classes, module: `{ imports: [GraphQLModule.forRoot({ driver: ApolloDriver, context: require('./missing.js').context })], providers: [Users] }` })).toEqual(['graphql QUERY users unknown']);
  });

  it('has the reply in the context of Mercurius', () => {
    const classes = `
      @Injectable() class ReplyGuard { canActivate(context) { return Boolean(GqlExecutionContext.create(context).getContext().reply.request.headers.authorization); } }
      @Resolver() class Users { @UseGuards(ReplyGuard) @Query(() => String) users() { return service.all(); } }`;
    expect(inventoryOf({ classes, module: `{ imports: [GraphQLModule.forRoot({ driver: MercuriusDriver })], providers: [Users] }` })).toEqual(['graphql QUERY users guarded']);
  });
});

describe('WebSockets', () => {
  it('are judged by the option allowRequest of the adapter', () => {
    const classes = `
      import { IoAdapter } from '@nestjs/platform-socket.io';
      class AskingAdapter extends IoAdapter {
        createIOServer(port, options) {
          return super.createIOServer(port, { ...options, allowRequest: (request, callback) => callback(null, Boolean(request.headers.authorization)) });
        }
      }
      @WebSocketGateway() class Chat { @SubscribeMessage('chat') chat() { return service.chat(); } }`;
    const parts = { classes, module: '{ providers: [Chat] }' };
    expect(inventoryOf({ ...parts, main: 'app.useWebSocketAdapter(new AskingAdapter(app));' })).toEqual(['websocket MESSAGE chat guarded']);
    expect(inventoryOf(parts)).toEqual(['websocket MESSAGE chat naked']);
  });
});

describe('messages of microservices', () => {
  const classes = `
    @Controller() class Orders {
      @EventPattern(['placed', 'paid']) placed() { return service.place(); }
      @GrpcMethod('OrderService') findOne() { return service.find(); }
      @UseGuards(MetadataGuard) @GrpcMethod('OrderService', 'Cancel') remove() { return service.remove(); }
      @Get('orders') list() { return service.all(); }
    }`;
  const module = '{ controllers: [Orders] }';

  it('are one for each pattern, and named as Nest names the methods of gRPC', () => {
    expect(inventoryOf({ classes, module, main: 'app.connectMicroservice({});' })).toEqual([
      'message EVENT placed naked',
      'message EVENT paid naked',
      'message GRPC OrderService/FindOne naked',
      'message GRPC OrderService/Cancel guarded',
      'http GET /orders naked',
    ]);
  });

  it('come only to what is connected, and HTTP does not come to a microservice', () => {
    expect(inventoryOf({ classes, module })).toContain('message EVENT placed naked (unmounted)');
    const alone = inventoryOf({ classes, module, create: 'createMicroservice(AppModule, {})' });
    expect(alone).toContain('message EVENT placed naked');
    expect(alone.filter((line) => line.startsWith('http'))).toEqual([]);
  });
});
