import type { PackageModel } from '../frameworks/framework.ts';
import type { Host } from '../interpreter/host.ts';
import { ABSENCE, ABSENT } from '../interpreter/labels.ts';
import { External, FALSE, TRUE, labelsOf, withLabels } from '../interpreter/values.ts';
import type { ActiveRequests } from './active.ts';
import { pathOf } from './catalogue/path.ts';
import { standInOf } from './catalogue/stand-ins.ts';
import { onlyTurnsAway } from './inverse.ts';
import type { Judge } from './judge.ts';
import { callPrimitive, issuesByName } from './primitives.ts';

/** Roles of what stands in a chain; a function that it is given is not called before a request comes. */
const MIDDLEWARE: ReadonlySet<string> = new Set(['guard', 'populates', 'passes', 'limiter', 'terminal', 'wrapper']);

/** What the interpreter is told about packages: the frameworks' models first, then what the catalogue knows of primitives. */
export function createHost(frameworks: readonly PackageModel[], judge: Judge, active: ActiveRequests): Host {
  const mentions = frameworks.map((f) => ({ pattern: new RegExp(f.packages.map((name) => `['"\`]${name}['"\`/]`).join('|')), framework: f }));
  const runs = new Map<string, boolean>();
  let keepsState = false;
  let keepsDecorations = false;
  return {
    importPackage(interpreter, external) {
      for (const framework of frameworks) {
        const value = framework.importPackage(interpreter, external);
        if (value && framework.isFollowed !== true) {
          keepsState = true;
          keepsDecorations ||= framework.forgetDecorations === undefined;
        }
        if (value) return value;
      }
      return standInOf(interpreter, external);
    },
    getMember(interpreter, external, key, site) {
      for (const framework of frameworks) {
        const value = framework.getMember?.(interpreter, external, key, site);
        if (value) return value;
      }
      return undefined;
    },
    callExternal(interpreter, callee, args, site, step) {
      const made = new External({ step, package: callee.package, subpath: callee.subpath, base: callee, args, labels: labelsOf(callee) & ~ABSENCE, site });
      if (interpreter.choosing && active.current) {
        const judgement = judge.known(callee, args) ?? judge.known(made);
        const value = judgement && callPrimitive(interpreter, active.current, judgement, args, site);
        if (value) return value;
        if (issuesByName(pathOf(callee))) active.current.issued();
      }
      for (const framework of frameworks) {
        const value = framework.callExternal?.(interpreter, callee, args, site, step);
        if (value) return value;
      }
      // passport.authenticate('jwt', (error, user) => …): the function is called when a request comes
      const role = judge.known(made)?.row.role;
      return role !== undefined && MIDDLEWARE.has(role) ? made : undefined;
    },
    guessSecret(interpreter, labels, site) {
      if (!interpreter.choosing || !active.current || (labels & ABSENCE) !== 0) return undefined;
      return active.current.guesses(site, false) ? TRUE : withLabels(FALSE, ABSENT);
    },
    turnsAway: onlyTurnsAway,
    entersBranch: (branch, scope) => active.current?.entersBranch(branch, scope),
    concerns: (value) => frameworks.some((framework) => framework.owns(value)),
    keepsState: () => keepsState,
    keepsDecorations: () => keepsDecorations,
    forgetDecorations: (created) => frameworks.forEach((framework) => framework.forgetDecorations?.(created)),
    runsAtImport(text) {
      let known = runs.get(text);
      if (known === undefined) runs.set(text, known = mentions.some(({ pattern, framework }) => pattern.test(text) && (framework.entry?.test(text) ?? true)));
      return known;
    },
  };
}
