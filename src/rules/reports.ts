import type { AST } from 'eslint';
import type { Analysis, Application, Endpoint, HandlerClass, Naked, Unknown, Verdict } from '../model.ts';
import { describeEndpoint } from './describe-endpoint.ts';
import type { RuleOptions } from './options.ts';

/** The protections that an endpoint has a verdict for. */
export type Protection = 'auth' | 'rateLimit';

/** What a rule hands to `context.report`. */
export interface Report {
  readonly messageId: 'naked' | 'unknown' | 'unprotectedApplication' | 'unprotectedClass' | 'publicWithoutReason';
  readonly data: Readonly<Record<string, string>>;
  readonly loc: AST.SourceLocation;
}

export interface ReportRequest {
  readonly analysis: Analysis;
  /** The linted file, relative to the root of the analysis. */
  readonly file: string;
  readonly options: RuleOptions;
}

interface Context extends ReportRequest {
  readonly protection: Protection;
}

/** What one rule says about a program, with its options. What holds for all files of the program is worked out once. */
interface Findings {
  readonly byFile: ReadonlyMap<string, readonly Endpoint[]>;
  /** Naked endpoints by application, for the applications in which nothing of this kind guards any endpoint. */
  readonly unprotected: ReadonlyMap<number, readonly Endpoint[]>;
  /** Naked endpoints by class, for the classes with several handlers of which nothing of this kind guards any. */
  readonly classes: ReadonlyMap<string, readonly Endpoint[]>;
}

/** The reports of one rule in one file, in the order of their places. One registration gets one report, however often it is mounted. */
export type Reporter = (request: ReportRequest) => readonly Report[];

/** A `Reporter` that remembers what it found out about a program: a run asks about one file after the other. */
export function createReporter(protection: Protection): Reporter {
  const known = new WeakMap<Analysis, WeakMap<RuleOptions, Findings>>();
  return ({ analysis, file, options }) => {
    let byOptions = known.get(analysis);
    if (byOptions === undefined) known.set(analysis, (byOptions = new WeakMap()));
    let findings = byOptions.get(options);
    if (findings === undefined) byOptions.set(options, (findings = findingsOf({ analysis, protection, options })));
    return reportsIn({ analysis, file, protection, options }, findings);
  };
}

function findingsOf(request: Omit<Context, 'file'>): Findings {
  const { analysis: { endpoints }, options } = request;
  const isIgnored = ignoredBy(options);
  const counted = endpoints.filter((endpoint) => !isIgnored(endpoint));
  const unprotected = options.summarize ? unprotectedApplications(request, counted) : new Map<number, readonly Endpoint[]>();
  return {
    byFile: groupBy(counted, ({ file }) => file),
    unprotected,
    classes: options.groupByClass ? unprotectedClasses(request, counted, unprotected) : new Map<string, readonly Endpoint[]>(),
  };
}

function reportsIn({ analysis, file, protection, options }: Context, { byFile, unprotected, classes }: Findings): readonly Report[] {
  const summaries = [...unprotected].flatMap(([index, endpoints]) => {
    const application = analysis.applications[index];
    return application?.file === file ? [summary(application, endpoints)] : [];
  });

  const groups = [...classes.values()].flatMap((endpoints) => {
    const owner = endpoints[0]?.owner;
    return owner?.file === file ? [group(owner, endpoints)] : [];
  });

  const places = groupBy(byFile.get(file) ?? [], ({ line, column }) => `${line}:${column}`);
  const single = [...places.values()].flatMap((endpoints) => {
    const withoutReason = protection === 'auth' ? endpoints.filter(hasEmptyTag) : [];
    if (withoutReason.length > 0) return [report('publicWithoutReason', withoutReason, {})];
    const naked = endpoints.filter(
      (endpoint) =>
        isNaked(endpoint, protection) && !unprotected.has(endpoint.application) && !classes.has(classKey(endpoint)),
    );
    const [first] = naked;
    if (first) return [report('naked', naked, { through: describeThrough(first[protection] as Naked) })];
    const unknown = options.reportUnknown ? endpoints.filter((endpoint) => isUndecided(endpoint, protection)) : [];
    const [firstUnknown] = unknown;
    return firstUnknown ? [report('unknown', unknown, { because: describeUnknown(firstUnknown, protection) })] : [];
  });

  return [...summaries, ...groups, ...single].toSorted(
    (a, b) => a.loc.start.line - b.loc.start.line || a.loc.start.column - b.loc.start.column,
  );
}

function unprotectedApplications({ analysis, protection }: Omit<Context, 'file'>, counted: readonly Endpoint[]): Map<number, readonly Endpoint[]> {
  const guarded = new Set<number>();
  for (const endpoint of analysis.endpoints) if (endpoint[protection].status === 'guarded') guarded.add(endpoint.application);
  return groupBy(
    counted.filter((endpoint) => !guarded.has(endpoint.application) && endpoint.application !== -1 && isNaked(endpoint, protection)),
    ({ application }) => application,
  );
}

function unprotectedClasses(
  { protection }: Omit<Context, 'file'>,
  counted: readonly Endpoint[],
  unprotected: ReadonlyMap<number, unknown>,
): Map<string, readonly Endpoint[]> {
  const endpoints = counted.filter((endpoint) => endpoint.owner !== undefined && endpoint.mounted && !unprotected.has(endpoint.application));
  return new Map(
    [...groupBy(endpoints, classKey)].filter(
      ([, members]) =>
        members.every((endpoint) => isNaked(endpoint, protection)) &&
        new Set(members.map(({ handler }) => handler)).size > 1 &&
        !(protection === 'auth' && members.some(hasEmptyTag)),
    ),
  );
}

function classKey({ owner }: Endpoint): string {
  return owner === undefined ? '' : `${owner.file}:${owner.line}:${owner.column}`;
}

/** `Map.groupBy`, which Node.js 20 lacks. */
function groupBy<Key>(endpoints: readonly Endpoint[], keyOf: (endpoint: Endpoint) => Key): Map<Key, Endpoint[]> {
  const groups = new Map<Key, Endpoint[]>();
  for (const endpoint of endpoints) {
    const key = keyOf(endpoint);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [endpoint]);
    else group.push(endpoint);
  }
  return groups;
}

/** Where no application mounts a router nobody is served, so its endpoints are not naked. */
function isNaked(endpoint: Endpoint, protection: Protection): boolean {
  return endpoint.mounted && endpoint[protection].status === 'naked';
}

function isUndecided(endpoint: Endpoint, protection: Protection): boolean {
  const { status } = endpoint[protection];
  return status === 'unknown' || (status === 'naked' && !endpoint.mounted);
}

function ignoredBy({ ignoreMethods, reportMessagePatterns }: RuleOptions): (endpoint: Endpoint) => boolean {
  const ignored = new Set(ignoreMethods.map((method) => method.toUpperCase()));
  return ({ kind, methods }) => (kind === 'message' && !reportMessagePatterns) || methods.every((method) => ignored.has(method));
}

function hasEmptyTag(endpoint: Endpoint): boolean {
  return endpoint.publicTag === '';
}

function summary(application: Application, endpoints: readonly Endpoint[]): Report {
  return { messageId: 'unprotectedApplication', data: describeAll(endpoints), loc: locationOf(application) };
}

function group(owner: HandlerClass, endpoints: readonly Endpoint[]): Report {
  return { messageId: 'unprotectedClass', data: { class: owner.name, ...describeAll(endpoints) }, loc: locationOf(owner) };
}

function describeAll(endpoints: readonly Endpoint[]): Readonly<Record<string, string>> {
  return {
    endpoints: endpoints.length === 1 ? 'one endpoint' : `${endpoints.length} endpoints`,
    example: endpoints[0] === undefined ? '' : describeEndpoint(endpoints[0]),
  };
}

/** One report for endpoints of the same place; the first of them is named. */
function report(
  messageId: Report['messageId'],
  endpoints: readonly Endpoint[],
  data: Readonly<Record<string, string>>,
): Report {
  const [first, ...others] = endpoints as readonly [Endpoint, ...Endpoint[]];
  const count = others.length === 0 ? '' : ` (and ${others.length} more registered here)`;
  return { messageId, data: { endpoint: describeEndpoint(first) + count, ...data }, loc: locationOf(first) };
}

/** ESLint counts columns from 0. */
function locationOf(place: Application | Endpoint | HandlerClass): AST.SourceLocation {
  return {
    start: { line: place.line, column: place.column - 1 },
    end: { line: place.endLine, column: place.endColumn - 1 },
  };
}

function describeThrough({ through }: Naked): string {
  if (through.length === 0) return 'nothing stands before its handler';
  return `the request passes ${shorten(through, ', ')} and reaches the handler`;
}

function describeUnknown(endpoint: Endpoint, protection: Protection): string {
  if (!endpoint.mounted) return 'no application that was found mounts its router';
  const { because } = endpoint[protection] as Unknown & Verdict;
  return shorten(
    because.map(({ reason, file, line }) => `${reason} (${file}:${line})`),
    '; ',
  );
}

/** A chain can be long; a message should not be. */
function shorten(parts: readonly string[], separator: string): string {
  const longest = 6;
  if (parts.length <= longest) return parts.join(separator);
  return `${parts.slice(0, longest - 1).join(separator)} and ${parts.length - longest + 1} more`;
}
