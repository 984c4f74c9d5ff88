// Writes the table of settings into docs/operations.md from the schema that validates them.
//   node scripts/generate-environment.mjs [--check]   (reads the compiled schema: build first)
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { root } from './ensure.mjs';

const require = createRequire(import.meta.url);
const { environmentSchema } = require(join(root, 'dist', 'lib', 'runtime', 'environment.js'));
const { toJSONSchema } = require('zod');
const page = join(root, 'docs', 'operations.md');

const row = ([name, { description = '', default: fallback, enum: values }]) => {
  const choice = values ? ` (${values.map((value) => `\`${value}\``).join(', ')})` : '';
  const what = `${description}${choice}`.replaceAll('|', '\\|');
  return `| \`${name}\` | ${fallback === undefined ? '' : `\`${fallback}\``} | ${what} |`;
};

const { properties } = toJSONSchema(environmentSchema, { io: 'input', unrepresentable: 'any' });
const table = [
  '| name | default | what |',
  '| --- | --- | --- |',
  ...Object.entries(properties).map(row),
].join('\n');
const before = readFileSync(page, 'utf8');
const after = before.replace(
  /(<!-- begin environment [^\n]*-->\n)[\s\S]*?(<!-- end environment -->)/,
  (_, begin, end) => `${begin}\n${table}\n\n${end}`,
);

if (!process.argv.includes('--check')) {
  writeFileSync(page, after);
} else if (after !== before) {
  console.log(
    'docs/operations.md: the table of settings is stale. Run: node scripts/generate-environment.mjs',
  );
  process.exitCode = 1;
}
