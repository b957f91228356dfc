const number = (value, digits = 1) => value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
const percent = (ratio) => `${ratio >= 1 ? '+' : '−'}${number(Math.abs(ratio - 1) * 100)} %`;
const table = (head, rows) => [head, head.map((_, index) => (index === 0 ? ':-' : '-:')), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
const reached = (is) => (is ? 'reached' : '**not reached**');
const sizeOf = ({ files, routes }) => `${number(files, 0)} files, ${number(routes, 0)} routes`;

/** The page, from what `bench.mjs` measured. */
export function report({ runs, processor, cores, node, overhead, peers, session, growth, unrelated, projects }) {
  const [, middle, large] = overhead;
  const cold = (entry) => entry['secure-routes, cold'];
  const warm = (entry) => entry['secure-routes, warm'];
  const idle = (entry) => entry['two rules that do nothing'];
  const overIdle = (of) => `${percent(of(middle).cpu / idle(middle).cpu)} and ${percent(of(large).cpu / idle(large).cpu)}`;
  const perRoute = growth.map(({ size, cold: of }) => (of.cpu / size.routes) * 1_000);
  const [, , last] = session;
  const goals = [
    ['Whole run, cold, over the parser alone', '≤ 5 %', `${percent(cold(middle).ratio)} and ${percent(cold(large).ratio)}`, Math.max(cold(middle).ratio, cold(large).ratio) <= 1.05],
    ['Whole run, warm, over the parser alone', '≤ 2 %', `${percent(warm(middle).ratio)} and ${percent(warm(large).ratio)}`, Math.max(warm(middle).ratio, warm(large).ratio) <= 1.02],
    ['Cold, beside `import-x/no-cycle`', 'ahead', `${number(cold(peers).cpu)} s against ${number(peers['import-x/no-cycle'].cpu)} s`, cold(peers).ratio < peers['import-x/no-cycle'].ratio],
    ['Cold, beside `fast-import/no-cycle`', 'ahead', `${number(cold(peers).cpu)} s against ${number(peers['fast-import/no-cycle'].cpu)} s`, cold(peers).ratio < peers['fast-import/no-cycle'].ratio],
    ['Cold, beside eslint-plugin-secure-coding', 'not slower', `${number(cold(peers).cpu)} s against ${number(peers['secure-coding'].cpu)} s`, cold(peers).ratio <= peers['secure-coding'].ratio],
    ['Cold, beside eslint-plugin-ai-guard', 'not slower', `${number(cold(peers).cpu)} s against ${number(peers['ai-guard'].cpu)} s`, cold(peers).ratio <= peers['ai-guard'].ratio],
    ['Edit of a handler with 3,000 routes, p95', '< 30 ms', `${number(last.route, 0)} ms`, last.route < 30],
    ['Edit of a shared guard with 3,000 routes, p95', '< 100 ms', `${number(last.guard, 0)} ms`, last.guard < 100],
    ['Edit of a registration with 3,000 routes, p95', '< 30 ms', `${number(last.registration, 0)} ms`, last.registration < 30],
    ['Peak memory over the parser alone, 10,000 files', '≤ 150 MB', `${number(cold(large).added, 0)} MB cold, ${number(warm(large).added, 0)} MB warm`, cold(large).added <= 150],
    ['Time per route from 300 to 3,000 routes', 'flat', `${number(perRoute[1], 2)} ms, then ${number(perRoute[2], 2)} ms`, perRoute[2] <= perRoute[1] * 1.2],
    ['Time per unrelated file, warm', '< 40 µs', `${number(unrelated)} µs for the check of the cache, ${number(last.unrelated * 1_000)} µs in the rules`, unrelated + last.unrelated * 1_000 < 40],
  ];
  return `# Performance

Written by \`npm run bench\`, which measures side by side, in turns, in one run: medians of ${runs} turns (of at most two at 10,000 files), and ratios to the run of the same turn. Times are seconds of processor time (user and system, all threads), which the other work of a machine disturbs less than the clock. Measured on ${processor}, ${cores} cores, Node.js ${node}.

The programs are generated: Express in TypeScript, ten routes a router, session and role guards in files of their own, handlers that ask a service; most files are services and models. ESLint lints all files with @typescript-eslint/parser, without type information.

## Goals

${table(['', 'goal', 'measured', ''], goals.map(([what, goal, measured, is]) => [what, goal, measured, reached(is)]))}

${goals.every(([, , , is]) => is) ? '' : `Why the missed ones are missed:\n\n${reasons.filter(({ rows }) => rows.some((row) => !goals[row][3])).map(({ text }) => `- ${text}`).join('\n')}\n`}
## Whole run of ESLint

The recommended configuration against the same run with the parser and no rule. Cold is without anything on disk, warm with nothing changed since. Two rules that do nothing, whose \`create\` gives no listener, are the least that a plugin with two rules can cost: as soon as there is a rule, ESLint 10 makes for each file a context that is the prototype of those of the rules, and the collector of garbage spends twice the time on young objects. (Tried by itself: with copies in place of the prototype, that cost is gone.)

${table(['', 'parser only', 'two rules that do nothing', '', 'cold', '', 'memory', 'warm', '', 'memory'], overhead.map((entry) => [sizeOf(entry.size), `${number(entry['parser only'].cpu)} s`, `${number(idle(entry).cpu)} s`, percent(idle(entry).ratio), ...[cold, warm].flatMap((of) => [`${number(of(entry).cpu)} s`, percent(of(entry).ratio), `${number(of(entry).added, 0)} MB`])]))}

Over the rules that do nothing, at 1,000 and 10,000 files: ${overIdle(cold)} cold, ${overIdle(warm)} warm.

Memory is that at the peak, over the run with the parser only.

## Beside other plugins

1,000 files, each plugin alone. \`no-cycle\` is what rules cost that look across files; the other two look at one file at a time.

${table(['', 'processor time', 'over the parser'], Object.entries(peers).map(([name, { cpu, ratio }]) => [name, `${number(cpu)} s`, name === 'parser only' ? '' : percent(ratio)]))}

## In an editor

One process, one lint after the other, without ESLint's parser; 95th percentile of the edits, milliseconds of processor time. The first edit of what was evaluated evaluates the program once more, in a form that can be followed; handlers and guards are not evaluated by the registration code, and a change in them alone is followed; so is a route that is added at the end of a router file, and so are decorators and methods of NestJS controllers, which are not measured here. Routes of Fastify that come and go begin all anew, as does what others may have seen otherwise (exports, objects of other modules): that costs as much as the first edit.

${table(['', 'first lint, from the cache', 'a file without routes', 'a service that no route reaches', 'the first edit', 'a handler', 'a shared guard', 'a registration'], session.map(({ size, first, unrelated: other, service, opening, route, guard, registration }) => [sizeOf(size), `${number(first, 0)} ms`, `${number(other, 2)} ms`, `${number(service, 2)} ms`, `${number(opening, 0)} ms`, `${number(route, 0)} ms`, `${number(guard, 0)} ms`, `${number(registration, 0)} ms`]))}

## Growth

The inventory on the command line.

${table(['', 'cold', 'for each route', 'warm'], growth.map(({ size, cold: of, warm: kept }, index) => [sizeOf(size), `${number(of.cpu, 2)} s`, `${number(perRoute[index], 2)} ms`, `${number(kept.cpu, 2)} s`]))}
${projects.length === 0 ? '' : `
## Real applications

The inventory, cold, of ${projects.length} checkouts: ${number(projects.reduce((sum, { cpu }) => sum + cpu, 0), 0)} s of processor time for ${number(projects.reduce((sum, { endpoints }) => sum + endpoints, 0), 0)} endpoints, at most ${number(Math.max(...projects.map(({ cpu }) => cpu)), 0)} s and ${number(Math.max(...projects.map(({ memory }) => memory)), 0)} MB for one.
`}`;
}

/** What the figures do not say themselves, for the rows of the table of goals. */
const reasons = [
  {
    rows: [0, 2, 3, 4, 5],
    text: '**Cold.** Rules that do nothing cost a part of it already (see below). Beside that every endpoint is walked by an interpreter, at some milliseconds each, beside a start of some tenths of a second for Node.js to load and warm up the interpreter and the parser. What is kept on disk makes that a cost of the first run, and of runs after a change that matters.',
  },
  {
    rows: [1, 11],
    text: '**Warm.** Most of it is what ESLint does as soon as there is a rule, also for such as do nothing (see below). Beside that the plugin is loaded, one record is read, and each file and folder that it rests on is looked at once; after that a file costs what it takes to find its root, with one look at each folder, and to ask its text what was asked of all. On a machine that does other work, such small differences drown in it.',
  },
  {
    rows: [6, 7, 8],
    text: '**Edits.** A change in a function that the registration code did not look at is put into the state that this code left. The first route behind a shared guard is judged again, and the others only where the guard leaves something on the request, or does something else to it than before. Statements of the registration code that come and go are evaluated as if it were their turn, and only routes that meet what they register are looked for and judged again; the list of all endpoints is put together again. What others may have seen otherwise (exports, objects of other modules, routes of Fastify) evaluates the program from the beginning, without reading the other files again.',
  },
  { rows: [9], text: '**Memory.** The trees and values of the files with routes are held while they are judged, on a thread whose heap ends with it. V8 lets a heap grow to a multiple of what was alive at its last collection.' },
  { rows: [10], text: '**Growth.** Not looked into yet.' },
];
