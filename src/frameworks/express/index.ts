import type { ActiveRequests } from '../../guards/active.ts';
import { callFromStep } from '../../guards/calls.ts';
import type { Judge } from '../../guards/judge.ts';
import { External, ModelObject, type Site, type Value } from '../../interpreter/values.ts';
import type { Framework } from '../framework.ts';
import { madeElsewhere, PACKAGES_WITH_ROUTERS } from './made-elsewhere.ts';
import { createExpress, createRouter, type Registry, routerState } from './objects.ts';
import { Requests } from './requests.ts';
import { applicationOf, isStatic, rootsOf, RouteTable } from './route-table.ts';
import { ExpressRequest } from './steps.ts';

export function createExpressFramework(judge: Judge, active: ActiveRequests): Framework {
  const registry: Registry = { routers: [] };
  let express: ModelObject | undefined;
  let table: RouteTable | undefined;
  const foreign = new WeakMap<Value, Map<PropertyKey, ModelObject>>();

  const isTerminal = (value: Value): boolean => value instanceof External && (isStatic(value) || judge.known(value)?.row.role === 'terminal');

  return {
    name: 'express',
    isFollowed: true,
    packages: ['express', 'express-promise-router', ...PACKAGES_WITH_ROUTERS],

    importPackage(interpreter, external) {
      if (external.package !== 'express' || external.subpath !== '') return undefined;
      express ??= createExpress(interpreter, registry);
      return external.name === 'default' || external.name === '*' ? express : interpreter.get(express, external.name, external.site as Site);
    },

    // RED.httpAdmin.get('/path', handler)
    getMember(interpreter, external, key, site) {
      const kind = typeof key === 'string' ? madeElsewhere(new External({ step: 'get', package: external.package, subpath: external.subpath, base: external, name: key })) : undefined;
      if (kind === undefined) return undefined;
      const members = foreign.get(external) ?? new Map<PropertyKey, ModelObject>();
      foreign.set(external, members);
      const known = members.get(key) ?? createRouter(interpreter, registry, kind, undefined, site);
      members.set(key, known);
      return known;
    },

    callExternal(interpreter, callee, args, site) {
      const run = active.current;
      if (interpreter.choosing) return run instanceof ExpressRequest ? callFromStep(run, callee, args, site) : undefined;
      // const Router = require('express-promise-router')
      const made = new External({ step: 'call', package: callee.package, subpath: callee.subpath, base: callee, args, site });
      const kind = madeElsewhere(made);
      if (kind) return createRouter(interpreter, registry, kind, undefined, site);
      const row = judge.known(made)?.row;
      return row?.role === 'wrapper' && row.effect === 'router' ? createRouter(interpreter, registry, 'router', args[0], site) : undefined;
    },

    owns: (value) => routerState(value) !== undefined || (value instanceof ModelObject && value.behaviour.name.startsWith('express')),

    applications: () => (table?.roots() ?? rootsOf(registry, new Map())).filter((root) => routerState(root)?.kind === 'application').map(applicationOf),

    routes(interpreter) {
      table ??= new RouteTable(registry, new Requests(interpreter, judge, active), isTerminal);
      return table.routes();
    },

    amended: (changes) => table?.forget(changes),
  };
}
