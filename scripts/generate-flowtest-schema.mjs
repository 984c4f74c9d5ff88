// Writes docs/schemas/flowtest/1.schema.json from the built format of flow tests; `--check` fails when it is stale instead.
// `--from DIR` takes another build than dist/.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = process.argv.includes('--from') ? process.argv[process.argv.indexOf('--from') + 1] : 'dist';
const { flowTestJsonSchema } = createRequire(import.meta.url)(join(root, built, 'lib/flowtests/schema.js'));

const file = join(root, 'docs/schemas/flowtest/1.schema.json');
const text = `${JSON.stringify(flowTestJsonSchema(), undefined, 2)}\n`;
if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
  if (process.argv.includes('--check')) {
    console.error(
      'docs/schemas/flowtest is stale: run `node scripts/generate-flowtest-schema.mjs` after a build',
    );
    process.exitCode = 1;
  } else {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}
