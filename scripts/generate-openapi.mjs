// Writes docs/openapi.json and the table of calls in docs/api.md from the route table of the built gateway; `--check` fails
// when one of them is stale instead. `--from DIR` takes another build than dist/.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = process.argv.includes('--from') ? process.argv[process.argv.indexOf('--from') + 1] : 'dist';
const require = createRequire(import.meta.url);
const { describeApi } = require(join(root, built, 'lib/gateway/openapi.js'));
const { routes } = require(join(root, built, 'lib/gateway/routes.js'));

const read = (name) => (existsSync(join(root, name)) ? readFileSync(join(root, name), 'utf8') : '');

function withCalls(text) {
  const rows = routes.map(
    ({ method, path, role, summary }) => `| \`${method.toUpperCase()} ${path}\` | ${role} | ${summary} |`,
  );
  const table = ['| call | role | what |', '| --- | --- | --- |', ...rows].join('\n');
  return text.replace(
    /(<!-- calls: .*? -->\n).*?(<!-- \/calls -->)/s,
    (_whole, start, end) => `${start}${table}\n${end}`,
  );
}

const generated = {
  'docs/openapi.json': `${JSON.stringify(describeApi(routes), undefined, 2)}\n`,
  'docs/api.md': withCalls(read('docs/api.md')),
};
for (const [name, text] of Object.entries(generated)) {
  if (!process.argv.includes('--check')) writeFileSync(join(root, name), text);
  else if (read(name) !== text) {
    console.error(`${name} is stale: run \`node scripts/generate-openapi.mjs\` after a build`);
    process.exitCode = 1;
  }
}
