import { pathOf } from '../../guards/catalogue/path.ts';
import type { External } from '../../interpreter/values.ts';
import type { RouterState } from './layers.ts';

interface Row {
  readonly package: string;
  /** The version that was read. */
  readonly verified: string;
  /** As `pathOf` writes it. */
  readonly path: string;
  readonly kind: RouterState['kind'];
}

/** Applications and routers of Express that other packages make and hand out: programs register their own routes on them. */
const ROWS: readonly Row[] = Object.freeze([
  { package: 'node-red', verified: '4.1.15', path: 'httpAdmin', kind: 'application' },
  { package: 'node-red', verified: '4.1.15', path: 'httpNode', kind: 'application' },
  { package: 'json-server', verified: '0.17.4', path: 'create()', kind: 'application' },
  { package: '@slack/bolt', verified: '4.7.3', path: 'ExpressReceiver().app', kind: 'application' },
  { package: '@slack/bolt', verified: '4.7.3', path: 'ExpressReceiver().router', kind: 'router' },
] as const);

export const PACKAGES_WITH_ROUTERS: readonly string[] = Object.freeze([...new Set(ROWS.map((row) => row.package))]);

/** What of Express the package's value is. */
export function madeElsewhere(value: External): RouterState['kind'] | undefined {
  const path = pathOf(value);
  return ROWS.find((row) => row.package === value.package && row.path === path)?.kind;
}
