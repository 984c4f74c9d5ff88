// Writes docs/pacts/reroute-<system>.json from the fixtures of the systems in test/connectors/support/pacts/providers.ts. Needs a build.
// `--check` only says which are stale.
import { existsSync, readdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const built = (name) => require(join(root, 'dist', name));
const { providers } = built('test/connectors/support/pacts/providers.js');
const { pactOf } = built('test/connectors/support/pacts/pact.js');
const { connectors } = built('lib/connectors/kit/registry.js');

const folder = join(root, 'docs', 'pacts');
const files = new Map();
for (const connector of connectors.filter(({ manifest }) => providers.includes(manifest.id))) {
  const pact = await pactOf(connector);
  if (pact !== undefined)
    files.set(
      join(folder, `reroute-${connector.manifest.id}.json`),
      `${JSON.stringify(pact, undefined, 2)}\n`,
    );
}

const held = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : undefined);
const there = readdirSync(folder).filter((name) => name.endsWith('.json'));
const gone = there.map((name) => join(folder, name)).filter((file) => !files.has(file));
const stale = [...files].filter(([file, text]) => held(file) !== text).map(([file]) => file);

if (process.argv.includes('--check')) {
  for (const file of [...stale, ...gone])
    console.error(`${relative(root, file)} is stale: run node scripts/generate-pacts.mjs`);
  process.exit(stale.length + gone.length > 0 ? 1 : 0);
}
for (const file of stale) writeFileSync(file, files.get(file));
for (const file of gone) unlinkSync(file);
