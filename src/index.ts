import type { ESLint, Linter } from 'eslint';
import { analyzeApart } from './analyze-apart.ts';
import { createAnalyses } from './cache/analyses.ts';
import { createCacheKey } from './cache/cache-key.ts';
import { openStore } from './cache/open-store.ts';
import { analyze, openSession } from './load-analysis.ts';
import { name, version } from './manifest.ts';
import type { Judge, Judged } from './rules/define-rule.ts';
import { createRequireAuth } from './rules/require-auth.ts';
import { createRequireRateLimit } from './rules/require-rate-limit.ts';
import { createSettingsReader, readSettings, SETTINGS_KEY } from './settings.ts';

export type * from './model.ts';
export type { SecureRoutesSettings } from './settings.ts';

const namespace = 'secure-routes';

/** The rules of one plugin share what they know about the projects they were asked about. */
const analyses = createAnalyses(analyze, { store: openStore(), openSession, analyzeApart });
const settingsOf = createSettingsReader();
const { judged, toJSON } = createCacheKey({ analyses, readSettings });

/** Keeps the answer for the tree that is being linted: the rules ask one after the other. (oxlint has one `sourceCode` for all files.) */
function createJudge(): Judge {
  let last: { readonly tree: object; readonly found: Judged } | undefined;
  return ({ filename, sourceCode, settings, cwd }) => {
    // JSON, Markdown and CSS have trees of their own.
    if ((sourceCode.ast as { type?: unknown } | undefined)?.type !== 'Program') return undefined;
    if (last?.tree === sourceCode.ast) return last.found;
    const own = settingsOf(settings, cwd);
    const found = analyses.forFile({ filename, text: sourceCode.text, settings: own, configFolder: cwd });
    judged(cwd, found.analysis, own);
    last = { tree: sourceCode.ast, found };
    return found;
  };
}

const judge = createJudge();

const plugin = {
  meta: { name, version, namespace },
  rules: {
    'require-auth': createRequireAuth(judge),
    'require-rate-limit': createRequireRateLimit(judge),
  },
} satisfies ESLint.Plugin;

/** Told of here, and in no rule, because ESLint looks nowhere else before it takes a cached result. */
const settings = { [SETTINGS_KEY]: { toJSON } };

const configs = {
  recommended: {
    name: `${namespace}/recommended`,
    plugins: { [namespace]: plugin },
    settings,
    rules: {
      'secure-routes/require-auth': 'error',
      'secure-routes/require-rate-limit': ['warn', { summarize: true }],
    },
  },
  strict: {
    name: `${namespace}/strict`,
    plugins: { [namespace]: plugin },
    settings,
    rules: {
      'secure-routes/require-auth': ['error', { reportUnknown: true }],
      'secure-routes/require-rate-limit': ['error', { reportUnknown: true }],
    },
  },
} as const satisfies Record<string, Linter.Config>;

// A configuration must hold the very object that users import: ESLint refuses two plugins of one namespace.
export default Object.assign(plugin, { configs });
