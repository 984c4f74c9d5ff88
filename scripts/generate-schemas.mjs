// Writes docs/schemas/fact/<version>/{input,output}.schema.json and examples/*.json from the built model.
// `--check` fails when they are stale instead; `--release` freezes the version: from then on its files may not change, and any change of
// the fact needs a new version. `--from DIR` takes another build than dist/.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { examplesFor, typeOf } from './fact-examples.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const built = process.argv.includes('--from') ? process.argv[process.argv.indexOf('--from') + 1] : 'dist';
const require = createRequire(import.meta.url);
const model = (name) => require(join(root, built, 'lib/model', name));
const { fact, factSchemaVersion: version } = model('fact.js');
const { exceptionCodes } = model('taxonomy.js');
const { factId, shipmentKeyOf } = model('keys.js');
const { dataSchemaUri, toWire } = model('wire.js');
const { factJsonSchema, schemaHash } = model('schema-export.js');

const base = join(root, 'docs', 'schemas', 'fact');
const releasedFile = join(base, 'released.json');
const released = existsSync(releasedFile) ? JSON.parse(readFileSync(releasedFile, 'utf8')) : {};

function exampleFact(name, data) {
  const source = '/example/examplepost/one';
  const subject = shipmentKeyOf(data.identifiers) ?? 'ord:shop:000471100';
  return fact.parse({
    specVersion: '1.0',
    id: factId(source, name),
    source,
    type: typeOf(name),
    subject,
    time: data.time.eventTime,
    dataSchema: dataSchemaUri(),
    correlationId: 'correlation-1',
    causationId: 'raw-1',
    recordedTime: data.time.recordTime,
    partitionKey: subject,
    dedupKey: name,
    traceParent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    data,
  });
}

const files = new Map();
const put = (path, value) => files.set(join(base, version, path), `${JSON.stringify(value, undefined, 2)}\n`);
for (const direction of ['input', 'output']) put(`${direction}.schema.json`, factJsonSchema(direction));
for (const [name, data] of Object.entries(examplesFor(exceptionCodes)))
  put(`examples/${name}.json`, toWire(exampleFact(name, data)));

const stale = [...files].filter(([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text);
const frozen = released[version] !== undefined;
if (stale.length > 0 && (frozen || process.argv.includes('--check'))) {
  for (const [path] of stale) console.error(`${relative(root, path)} is stale`);
  console.error(
    frozen
      ? `version ${version} of the fact is released and may not change: raise factSchemaVersion in lib/model/fact.ts`
      : 'run `node scripts/generate-schemas.mjs` after a build',
  );
  process.exitCode = 1;
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  if (process.argv.includes('--release') && !frozen) {
    released[version] = Object.fromEntries(
      ['input', 'output'].map((direction) => [direction, schemaHash(factJsonSchema(direction))]),
    );
    writeFileSync(releasedFile, `${JSON.stringify(released, undefined, 2)}\n`);
  }
}
