import type { Mark, Program } from './nest-program.ts';
import { baseOf, prefixOf } from './nest-printer.ts';

/** What a program must show at least once in a hundred: the sentences of the notes on Nest that the generator covers. */
export const features = Object.freeze([
  'APP_GUARD by useClass',
  'APP_GUARD by useExisting',
  'APP_GUARD by useFactory',
  'APP_GUARD as a string',
  'app.useGlobalGuards',
  'a global guard in a sibling module that is imported last',
  'a global guard that only populates',
  'two global guards',
  'a mark that a global guard honours',
  'a mark that a guard beside it honours',
  'a mark that nothing reads',
  'a mark on a class',
  'roles without a guard',
  'a guard on a class',
  'a guard on a base class',
  'guards on a class and its base class',
  'a guard on an inherited method',
  'an overriding method that drops a guard',
  'an overriding method that adds a guard',
  'an overriding method without a decorator of its own',
  'applyDecorators in an arrow function',
  'applyDecorators in a block',
  'applyDecorators in a branch that is taken',
  'applyDecorators in a branch that is not taken',
  'applyDecorators with spread decorators',
  'a decorator that returns UseGuards()',
  'a guard that answers false',
  'a guard that extends another',
  'a guard that only populates',
  'a global throttler',
  'a throttler on a method or a class',
  'a throttler that is set up and not applied',
  'SkipThrottle',
  'SkipThrottle of another name',
  'SkipThrottle that is switched off again',
  'a stricter limit',
  'a middleware for one controller',
  'a middleware with an exclusion',
  'two controllers with one prefix, one of them behind a middleware',
  'a global prefix',
  'a controller of the root module',
  'a controller of a module of its own',
  'on Express',
  'on Fastify',
] as const);

export type Feature = (typeof features)[number];

const composed = {
  Secured: 'applyDecorators in an arrow function',
  SecuredBlock: 'applyDecorators in a block',
  SecuredWhen: 'applyDecorators in a branch that is taken',
  SecuredSpread: 'applyDecorators with spread decorators',
  SecuredDirectly: 'a decorator that returns UseGuards()',
} as const;

/** The features that occur in the program. */
export function featuresOf(program: Program): ReadonlySet<Feature> {
  const found = new Set<Feature>();
  const add = (feature: Feature, condition = true) => condition && found.add(feature);
  const { globals, controllers, middleware } = program;
  const honours = globals.some(({ guard }) => guard === 'MarkedGuard');
  const visit = (marks: readonly Mark[]) => {
    for (const mark of marks) {
      if (mark.kind === 'composed') add(composed[mark.name]);
      if (mark.kind === 'guard') {
        add('a guard that answers false', mark.name === 'QuietGuard');
        add('a guard that extends another', mark.name === 'DeepGuard');
        add('a guard that only populates', mark.name === 'VisitorGuard');
      }
      add('applyDecorators in a branch that is not taken', mark.kind === 'unsecured');
      add('roles without a guard', mark.kind === 'roles' && !marks.some(guards));
      add('a throttler on a method or a class', mark.kind === 'throttled');
      add('a stricter limit', mark.kind === 'stricter');
      if (mark.kind === 'skip') add(!mark.skips ? 'SkipThrottle that is switched off again' : mark.tier === 'other' ? 'SkipThrottle of another name' : 'SkipThrottle');
      if (mark.kind === 'public') {
        const beside = marks.find((one) => one.kind === 'guard');
        add('a mark that a global guard honours', honours);
        add('a mark that a guard beside it honours', beside?.kind === 'guard' && beside.name === 'MarkedGuard');
        add('a mark that nothing reads', !honours && beside?.kind === 'guard' && beside.name !== 'MarkedGuard');
      }
    }
  };
  for (const { by, guard, inSibling } of globals) {
    add(({ useClass: 'APP_GUARD by useClass', useExisting: 'APP_GUARD by useExisting', useFactory: 'APP_GUARD by useFactory', 'string token': 'APP_GUARD as a string', useGlobalGuards: 'app.useGlobalGuards' } as const)[by]);
    add('a global guard in a sibling module that is imported last', inSibling && by !== 'useGlobalGuards');
    add('a global guard that only populates', guard === 'VisitorGuard');
    add('a global throttler', guard === 'ThrottlerGuard');
  }
  add('two global guards', globals.length > 1);
  add('a global prefix', program.prefix);
  add(program.adapter === 'express' ? 'on Express' : 'on Fastify');
  add('a throttler that is set up and not applied', !globals.some(({ guard }) => guard === 'ThrottlerGuard') && !JSON.stringify(program).includes('"throttled"'));
  controllers.forEach((controller, index) => {
    const at = baseOf(program, controller);
    const base = at === undefined ? undefined : program.bases[at];
    visit(controller.marks);
    for (const handler of controller.handlers) visit(handler.marks);
    add(controller.inRoot ? 'a controller of the root module' : 'a controller of a module of its own');
    add('a mark on a class', controller.marks.some(({ kind }) => kind === 'public'));
    add('a guard on a class', controller.marks.some(guards));
    const target = middleware && middleware.controller % controllers.length;
    if (target === index) {
      add('a middleware for one controller');
      add('a middleware with an exclusion', middleware?.excludesFirst);
      add('two controllers with one prefix, one of them behind a middleware', controllers.some((_, other) => other !== index && prefixOf(program, other) === prefixOf(program, index)));
    }
    if (!base) return;
    visit(base.marks);
    for (const handler of base.handlers) visit(handler.marks);
    add('a guard on a base class', base.marks.some(guards));
    add('guards on a class and its base class', base.marks.some(guards) && controller.marks.some(guards));
    add('a guard on an inherited method', base.handlers.some((handler) => handler.marks.some(guards)));
    for (const override of controller.overrides) {
      const wasGuarded = base.handlers[override.of % base.handlers.length]?.marks.some(guards) ?? false;
      add('an overriding method without a decorator of its own', override.method === undefined);
      add('an overriding method that drops a guard', wasGuarded && override.method !== undefined && !override.marks.some(guards));
      add('an overriding method that adds a guard', !wasGuarded && override.method !== undefined && override.marks.some(guards));
    }
  });
  return found;
}

function guards(mark: Mark): boolean {
  return mark.kind === 'composed' || (mark.kind === 'guard' && mark.name !== 'VisitorGuard');
}
