// Writes docs/flow-library.md from the templates in flows/library; `--check` fails when it is stale instead.
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const { Library } = require(join(root, 'dist/lib/flowfiles/templates/library.js'));
const { libraryPage } = require(join(root, 'dist/lib/flowfiles/templates/page.js'));

const flows = join(root, 'flows');
const subflows = globSync('subflow-*.json', { cwd: join(flows, 'global') })
  .sort()
  .flatMap((name) => JSON.parse(readFileSync(join(flows, 'global', name), 'utf8')));
const target = join(root, 'docs', 'flow-library.md');
const text = libraryPage(await new Library(flows).newest(), subflows);
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('docs/flow-library.md is stale: run `node scripts/generate-library-docs.mjs` after a build');
  process.exitCode = 1;
}
