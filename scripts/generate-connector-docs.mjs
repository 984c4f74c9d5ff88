// Writes docs/connectors.md from the manifests of the built connectors; `--check` fails when it is stale instead.
// `--from DIR` takes another build than dist/.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = process.argv.includes('--from') ? process.argv[process.argv.indexOf('--from') + 1] : 'dist';
const require = createRequire(import.meta.url);
const { connectorPage } = require(join(root, built, 'lib/connectors/kit/page.js'));
const { connectors } = require(join(root, built, 'lib/connectors/kit/registry.js'));

const target = join(root, 'docs', 'connectors.md');
const text = connectorPage(connectors);
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('docs/connectors.md is stale: run `node scripts/generate-connector-docs.mjs` after a build');
  process.exitCode = 1;
}
