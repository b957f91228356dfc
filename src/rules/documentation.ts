import { name, version } from '../manifest.ts';

/** The rule's page of exactly this version, as published with the package. */
export function documentationUrl(rule: string): string {
  return `https://unpkg.com/${name}@${version}/docs/rules/${rule}.md`;
}
