import type { Interpreter } from '../interpreter.ts';
import { ObservedReference } from '../observation/observed-reference.ts';
import { ObservedText } from '../observation/observed.ts';
import { identityOf } from '../text.ts';
import type { External, Union} from '../values.ts';
import { ABSENT, CLIENT, type Labels } from '../labels.ts';
import { type Condition, ModelObject, Primitive, type Site, Unknown, type Value, labelsOf } from '../values.ts';

/** The truth of a value: known, or the decision that it would take. */
export type Truth =
  | {
      readonly known: true;
      readonly value: boolean;
      readonly labels: Labels;
      /** Not known from the program: this path takes it so. */
      readonly isChosen?: boolean;
    }
  | {
      readonly known: false;
      readonly labels: Labels;
      readonly condition: Omit<Condition, 'branch'>;
      readonly kind: 'input' | 'configuration' | 'uncertain';
      /** The value is true where the condition is false: `if (!flag)` takes the decision on `flag`. */
      readonly negated: boolean;
    };

export function truthOf(interpreter: Interpreter, value: Value, site: Site): Truth {
  switch (value.kind) {
    case 'primitive':
      return { known: true, value: value instanceof ObservedText ? value.isFilled() : Boolean(value.value), labels: value.labels };
    case 'object':
      return value instanceof ModelObject && value.behaviour.isUnset ? truthOfPlace(value, value.behaviour.isUnset(value), site) : { known: true, value: true, labels: value.labels };
    case 'external':
      return isSurelySet(value) ? { known: true, value: true, labels: value.labels } : undecided(value, site, callOf(interpreter));
    case 'unknown':
      return isSurelyFilled(value) ? { known: true, value: true, labels: value.labels } : undecided(value, site, callOf(interpreter));
    case 'union':
      return value instanceof ObservedReference ? { known: true, value: true, labels: value.labels } : truthOfUnion(interpreter, value, site);
  }
}

/** if (req.session)      whether somebody has put it there */
function truthOfPlace({ behaviour: { name }, labels }: ModelObject, isUnset: boolean | undefined, site: Site): Truth {
  if (isUnset !== undefined) return { known: true, value: !isUnset, labels: isUnset ? labels | ABSENT : labels };
  return undecided(new Unknown(`${name} may have been set by what could not be read`, { labels: labels | ABSENT, unfollowed: true, identity: name, site }), site);
}

/** The condition under which the value is true or false. */
export function conditionOf(truth: Truth & { known: false }, branch: 'true' | 'false'): Condition {
  return { ...truth.condition, branch: truth.negated ? opposite(branch) : branch };
}

function opposite(branch: 'true' | 'false'): 'true' | 'false' {
  return branch === 'true' ? 'false' : 'true';
}

/** A decision that no value stands for: which callback runs, whether a loop is entered. */
export function undecidedAt(reason: string, site: Site, labels: Labels): Truth & { known: false } {
  return undecided(new Unknown(reason, { labels, site }), site);
}

/** Texts that the running function was given: what it tests for one setting says nothing of another. config.get('a.b') */
function callOf(interpreter: Interpreter): string {
  const given = interpreter.frames.at(-1)?.given ?? [];
  return given.map((value) => (value instanceof ObservedText ? ` ${value.source.key}` : value instanceof Primitive && typeof value.value === 'string' ? ` ${value.value}` : '')).join('');
}

function undecided(value: Unknown | External, site: Site, call = ''): Truth & { known: false } {
  // What is absent only because of the branch it stands in is no choice of the client: catch { return config.get('allowAnonymous') }
  const fromRequest = (value.labels & CLIENT) !== 0;
  const fallback = value instanceof Unknown ? value.fallback : undefined;
  let key = identityOf(value) ?? `${site.module.file}:${site.start}${call}`;
  let negated = false;
  while (key.startsWith('!')) {
    key = key.slice(1);
    negated = !negated;
  }
  return {
    known: false,
    labels: value.labels,
    condition: {
      key,
      site,
      configuration: !fromRequest,
      defaultBranch: fallback instanceof Primitive ? String(Boolean(fallback.value) !== negated) : undefined,
    },
    kind: value instanceof Unknown && value.unfollowed ? 'uncertain' : fromRequest ? 'input' : 'configuration',
    negated,
  };
}

function truthOfUnion(interpreter: Interpreter, union: Union, site: Site): Truth {
  const settled = interpreter.settle(union);
  if (settled.kind !== 'union') return truthOf(interpreter, settled, site);
  const truths = settled.options.map((o) => (o.value ? truthOf(interpreter, o.value, site) : ({ known: true, value: false, labels: 0 } as const)));
  const [first] = truths;
  if (first?.known && truths.every((t) => t.known && t.value === first.value)) return first;
  // { true under c, false under not c } is c itself.
  const [a, b] = truths;
  const [optionA] = settled.options;
  const [condition] = optionA?.conditions ?? [];
  if (truths.length <= 2 && a?.known && (b === undefined || b.known) && optionA?.conditions.length === 1 && condition && a.value !== (b?.value ?? false)) {
    return { known: false, labels: labelsOf(settled), condition, kind: condition.configuration ? 'configuration' : 'input', negated: a.value !== (condition.branch === 'true') };
  }
  const label = labelsOf(settled);
  return undecided(new Unknown('depends on an earlier decision', { labels: label, identity: condition && `${condition.key}?` }), site);
}

/** An import, a member of one, an instance: programs do not test these for their truth unless they are settings. */
function isSurelySet(external: External): boolean {
  return external.step === 'import' || external.step === 'new';
}

function isSurelyFilled(unknown: Unknown): boolean {
  return unknown.isFilled || (unknown.parts?.some((p) => typeof p === 'string' && p.length > 0) ?? false);
}
