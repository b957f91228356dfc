import type { Finding } from '../guards/chain.ts';
import { textBetween } from '../interpreter/modules/loader.ts';
import type { Condition, Site } from '../interpreter/values.ts';
import type { Evidence, Unfollowed } from '../model.ts';
import { relativePath } from '../project/paths.ts';

const MAX_TEXT = 80;

/** Turns places in source texts into evidence: plain data, with files relative to the root. */
export interface EvidenceWriter {
  evidence(finding: Finding): Evidence;
  /** The switch that a guard depends on. */
  condition(condition: Condition): Evidence;
  unfollowed(reason: string, site: Site): Unfollowed;
}

export function createEvidenceWriter(root: string): EvidenceWriter {
  const place = (site: Site) => ({ file: relativePath(root, site.module.file), line: site.module.position(site.start).line });
  return {
    evidence: ({ name, site, text }) => ({ name, ...place(site), evidence: text }),
    condition: ({ site, branch, defaultBranch }) => ({
      name: excerpt(site),
      ...place(site),
      evidence: `a switch: the guard stands where this is ${branch}${defaultBranch === undefined ? '' : `; by default it is ${defaultBranch}`}`,
    }),
    unfollowed: (reason, site) => ({ reason, ...place(site) }),
  };
}

function excerpt(site: Site): string {
  const text = textBetween(site.module, site.start, site.end).replace(/\s+/g, ' ');
  return text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text;
}
