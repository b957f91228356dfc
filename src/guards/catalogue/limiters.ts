import type { Condition, Decider, Row } from './row.ts';

const SKIP: Decider = { argument: 0, property: 'skip', parameters: ['request', 'response'], outcome: 'true passes' };

// Until version 6 a limit of 0 switches express-rate-limit off; since 7 it refuses everything.
const NO_LIMIT: readonly Condition[] = [
  { argument: 0, property: 'max', is: 0, below: '7.0.0' },
  { argument: 0, property: 'limit', is: 0, below: '7.0.0' },
];

const FLEXIBLE_LIMITERS = [
  'BurstyRateLimiter', 'RLWrapperBlackAndWhite', 'RLWrapperTimeouts', 'RateLimiterCluster', 'RateLimiterDrizzle',
  'RateLimiterDrizzleNonAtomic', 'RateLimiterDynamo', 'RateLimiterEtcd', 'RateLimiterEtcdNonAtomic', 'RateLimiterMemcache',
  'RateLimiterMemory', 'RateLimiterMongo', 'RateLimiterMySQL', 'RateLimiterPostgres', 'RateLimiterPrisma', 'RateLimiterRedis',
  'RateLimiterRedisNonAtomic', 'RateLimiterSQLite', 'RateLimiterUnion', 'RateLimiterValkey', 'RateLimiterValkeyGlide',
];

/** What counts requests by client: middleware, and what a program calls to count by itself. */
export const LIMITER_ROWS: readonly Row[] = Object.freeze<Row[]>([
  { package: '@arcjet/node', verified: '1.5.0', export: ['default().protect', 'default().**.protect'], role: 'consumes', style: 'resolves', failure: { 'isDenied()': true }, note: 'Also denies for other reasons than a limit, as its rules say.' },
  { package: '@unkey/ratelimit', verified: '2.1.4', export: 'Ratelimit().limit', role: 'consumes', style: 'resolves', failure: { success: false } },
  { package: '@upstash/ratelimit', verified: '2.2.0', export: ['Ratelimit().limit', 'Ratelimit().blockUntilReady', 'MultiRegionRatelimit().limit'], role: 'consumes', style: 'resolves', failure: { success: false } },
  { package: '@vercel/firewall', verified: '1.2.5', export: ['checkRateLimit', 'unstable_checkRateLimit'], role: 'consumes', style: 'resolves', failure: { rateLimited: true } },
  { package: 'async-ratelimiter', verified: '1.6.10', export: 'default().get', role: 'consumes', style: 'resolves', failure: { remaining: 0 } },
  { package: 'bottleneck', verified: '2.19.5', export: '**', role: 'passes', note: 'Paces the work of the program itself, not its clients.' },
  { package: 'ddos', verified: '0.2.1', export: ['default().express', 'default().middleware', 'default().handle'], role: 'limiter' },
  { package: 'express-bouncer', verified: '0.2.0', export: 'default().block', role: 'limiter' },
  { package: 'express-brute', verified: '1.0.1', export: ['default().prevent', 'default().getMiddleware()'], role: 'limiter' },
  { package: 'express-limiter', verified: '1.6.1', export: 'default()()', role: 'limiter', decides: [{ argument: 0, property: 'whitelist', parameters: ['request'], outcome: 'true passes' }], note: 'With `path` and `method` the call registers the limiter on the application too.' },
  { package: 'express-queue', verified: '0.0.13', export: 'default()', role: 'passes', refuses: 'load' },
  { package: 'express-rate-limit', verified: '8.7.5', export: ['default()', 'rateLimit()'], role: 'limiter', unless: NO_LIMIT, decides: [SKIP] },
  { package: 'express-slow-down', verified: '3.1.1', export: ['default()', 'slowDown()'], role: 'passes', note: 'Delays and never refuses.' },
  { package: 'express-throttle', verified: '2.0.0', export: 'default()', role: 'limiter' },
  { package: 'limiter', verified: '4.1.0', export: 'RateLimiter().tryRemoveTokens', role: 'consumes', style: 'returns false' },
  { package: 'overload-protection', verified: '1.2.3', export: 'default()', role: 'passes', refuses: 'load' },
  { package: 'rate-limiter-flexible', verified: '11.4.0', export: FLEXIBLE_LIMITERS.map((name) => `${name}().consume`), role: 'consumes', style: 'rejects' },
  { package: 'rate-limiter-flexible', subpath: 'lib/ExpressBruteFlexible', verified: '11.4.0', export: ['default().prevent', 'default().getMiddleware()'], role: 'limiter' },
  { package: 'ratelimiter', verified: '3.4.1', export: 'default().get', role: 'consumes', style: 'callback', failure: { remaining: 0 } },
  { package: 'rolling-rate-limiter', verified: '0.4.2', export: ['InMemoryRateLimiter().limit', 'RedisRateLimiter().limit', 'NodeRedisRateLimiter().limit', 'IORedisRateLimiter().limit'], role: 'consumes', style: 'resolves', failure: true },
  { package: 'toobusy-js', verified: '0.5.1', export: 'default', role: 'passes', refuses: 'load', note: 'True while the process is overloaded, whoever asks.' },
]);
