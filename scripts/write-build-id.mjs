// Writes dist/build-id: a digest of everything that was built. What another build has kept on disk is not used.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const dist = path.resolve(import.meta.dirname, '../dist');
const digest = createHash('sha256').update(readFileSync(path.resolve(dist, '../package.json')));
for (const file of readdirSync(dist, { recursive: true }).sort()) {
  if (file.endsWith('.js')) digest.update(file).update(readFileSync(path.join(dist, file)));
}
writeFileSync(path.join(dist, 'build-id'), digest.digest('hex').slice(0, 32));
