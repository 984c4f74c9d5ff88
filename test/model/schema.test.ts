import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { factSchemaVersion } from '../../lib/model/fact';
import { compareSchemas, type Direction, neededBump, type Schema } from '../../lib/model/schema-compare';
import { factJsonSchema, schemaHash } from '../../lib/model/schema-export';
import { exceptionCodes } from '../../lib/model/taxonomy';
import { compareVersions } from '../../lib/model/upcast';
import { fromWire, toWire } from '../../lib/model/wire';

const projectRoot = ((): string => {
  let folder = __dirname;
  while (!existsSync(join(folder, 'package-lock.json'))) folder = join(folder, '..');
  return folder;
})();
const base = join(projectRoot, 'docs', 'schemas', 'fact');
const read = (...path: string[]): unknown => JSON.parse(readFileSync(join(base, ...path), 'utf8'));
const stored = (version: string, direction: Direction): Schema =>
  read(version, `${direction}.schema.json`) as Schema;
const released = read('released.json') as Record<string, Record<Direction, string>>;
const directions: Direction[] = ['input', 'output'];
const versions = readdirSync(base)
  .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
  .sort(compareVersions);
const examplesOf = (version: string): string[] => readdirSync(join(base, version, 'examples'));

describe('the schemas of the fact', () => {
  it('on disk are those of the code', () => {
    for (const direction of directions)
      assert.deepEqual(
        stored(factSchemaVersion, direction),
        factJsonSchema(direction),
        `run node scripts/generate-schemas.mjs (${direction})`,
      );
  });
  it('once released are never changed', () => {
    assert.ok(Object.keys(released).length > 0);
    for (const [version, hashes] of Object.entries(released))
      for (const direction of directions)
        assert.equal(schemaHash(stored(version, direction)), hashes[direction], `${version} ${direction}`);
  });
  it('break nobody without a new major version, and change nothing without a new minor one', () => {
    const earlier = Object.keys(released)
      .filter((version) => compareVersions(version, factSchemaVersion) <= 0)
      .sort(compareVersions)
      .at(-1);
    assert.ok(earlier);
    const [was, is] = [earlier, factSchemaVersion].map((version) => version.split('.').map(Number)) as [
      number[],
      number[],
    ];
    for (const direction of directions) {
      const changes = compareSchemas(stored(earlier, direction), factJsonSchema(direction), direction);
      const bump = neededBump(changes);
      if (bump === 'major') assert.notEqual(was[0], is[0], JSON.stringify(changes, undefined, 2));
      if (bump === 'minor')
        assert.notDeepEqual(was.slice(0, 2), is.slice(0, 2), JSON.stringify(changes, undefined, 2));
    }
  });

  for (const version of versions) {
    describe(`golden examples of ${version}`, () => {
      const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: true });
      addFormats(ajv);
      for (const direction of directions) {
        it(`fit the ${direction} schema of their version`, () => {
          const validate = ajv.compile(stored(version, direction));
          for (const name of examplesOf(version))
            assert.ok(
              validate(read(version, 'examples', name)),
              `${name}: ${ajv.errorsText(validate.errors)}`,
            );
        });
      }
      it('are read today and written back as they were', () => {
        for (const name of examplesOf(version)) {
          const golden = read(version, 'examples', name) as Record<string, unknown>;
          const wire = JSON.parse(JSON.stringify(toWire(fromWire(golden)))) as Record<string, unknown>;
          if (version === factSchemaVersion) assert.deepEqual(wire, golden, name);
          else assert.equal(wire.id, golden.id, name);
        }
      });
    });
  }
  it('have an example for every exception code', () => {
    const names = examplesOf(factSchemaVersion);
    for (const code of exceptionCodes)
      assert.ok(names.includes(`exception-${code.toLowerCase().replaceAll('_', '-')}.json`), code);
  });
  it('refuse in JSON Schema what zod refuses', () => {
    const ajv = new Ajv2020({ strict: true, strictTypes: false });
    addFormats(ajv);
    const validate = ajv.compile(factJsonSchema('input'));
    const golden = read(factSchemaVersion, 'examples', 'exception-inventory-short-pick.json') as {
      data: { exception: Record<string, unknown> };
    };
    const wrong = [
      { ...golden, data: { ...golden.data, exception: { code: 'INVENTORY_SHORT_PICK' } } },
      { ...golden, data: { ...golden.data, exception: { code: 'NO_SUCH_CODE' } } },
      { ...golden, time: 'yesterday' },
      { ...golden, source: 'nowhere' },
      { ...golden, colour: 'red' },
    ];
    assert.ok(validate(golden));
    for (const each of wrong) {
      assert.equal(validate(each), false);
      assert.throws(() => fromWire(each));
    }
  });
});

describe('the schema comparator', () => {
  const kinds = (before: Schema, after: Schema): string[] =>
    directions.map((direction) => neededBump(compareSchemas(before, after, direction)));
  const object = (properties: Schema, required: string[] = [], more: Schema = {}): Schema => ({
    type: 'object',
    properties,
    required,
    ...more,
  });
  const text = { type: 'string' };
  const cases: [string, Schema, Schema, string, string][] = [
    ['a new optional property', object({ a: text }), object({ a: text, b: text }), 'minor', 'minor'],
    ['a new required property', object({ a: text }), object({ a: text, b: text }, ['b']), 'major', 'minor'],
    ['a property that is gone', object({ a: text }), object({}), 'major', 'major'],
    ['a renamed property', object({ a: text }), object({ b: text }), 'major', 'major'],
    ['a property that becomes required', object({ a: text }), object({ a: text }, ['a']), 'major', 'minor'],
    ['a property that becomes optional', object({ a: text }, ['a']), object({ a: text }), 'minor', 'major'],
    ['another type', text, { type: 'number' }, 'major', 'major'],
    ['number for integer', { type: 'integer' }, { type: 'number' }, 'minor', 'major'],
    ['an enum that grows', { enum: ['a'] }, { enum: ['a', 'b'] }, 'minor', 'minor'],
    ['an enum that shrinks', { enum: ['a', 'b'] }, { enum: ['a'] }, 'major', 'major'],
    ['another const', { const: 'a' }, { const: 'b' }, 'major', 'major'],
    ['a const that becomes a list with it', { const: 'a' }, { enum: ['a', 'b'] }, 'minor', 'minor'],
    ['a list that closes', text, { type: 'string', enum: ['a'] }, 'major', 'minor'],
    [
      'a tighter length',
      { type: 'string', maxLength: 9 },
      { type: 'string', maxLength: 8 },
      'major',
      'minor',
    ],
    [
      'a looser length',
      { type: 'string', maxLength: 9 },
      { type: 'string', maxLength: 10 },
      'minor',
      'major',
    ],
    ['a new minimum', { type: 'number' }, { type: 'number', minimum: 0 }, 'major', 'minor'],
    ['another pattern', { type: 'string', pattern: 'a' }, { type: 'string', pattern: 'b' }, 'major', 'major'],
    ['an object that closes', object({}), object({}, [], { additionalProperties: false }), 'major', 'minor'],
    ['an object that opens', object({}, [], { additionalProperties: false }), object({}), 'minor', 'major'],
    [
      'an item that changes',
      { type: 'array', items: text },
      { type: 'array', items: { type: 'number' } },
      'major',
      'major',
    ],
    [
      'a new variant',
      { oneOf: [object({ c: { const: 'A' } })] },
      { oneOf: [object({ c: { const: 'B' } }), object({ c: { const: 'A' } })] },
      'minor',
      'minor',
    ],
    [
      'a variant that is gone',
      { anyOf: [object({ c: { const: 'A' } }), object({ c: { const: 'B' } })] },
      { anyOf: [object({ c: { const: 'A' } })] },
      'major',
      'major',
    ],
    [
      'a variant that changes inside',
      { oneOf: [object({ c: { const: 'A' }, n: text })] },
      { oneOf: [object({ c: { const: 'A' } })] },
      'major',
      'major',
    ],
    [
      'another description',
      { type: 'string', description: 'a' },
      { type: 'string', description: 'b' },
      'none',
      'none',
    ],
    [
      'a change behind a reference',
      { $defs: { x: text }, properties: { a: { $ref: '#/$defs/x' } } },
      { $defs: { x: { type: 'number' } }, properties: { a: { $ref: '#/$defs/x' } } },
      'major',
      'major',
    ],
  ];
  for (const [name, before, after, input, output] of cases) {
    it(`weighs ${name}: ${input} for what we accept, ${output} for what we give`, () =>
      assert.deepEqual(kinds(before, after), [input, output]));
  }
  it('finds no change between a schema and itself', () => {
    for (const direction of directions)
      assert.deepEqual(compareSchemas(factJsonSchema(direction), factJsonSchema(direction), direction), []);
  });
  it('notices when any exception code, milestone or classifier leaves the fact', () => {
    const schema = factJsonSchema('input');
    const gone = (node: unknown, value: string): unknown => {
      if (Array.isArray(node))
        return node
          .filter((item) => item !== value)
          .filter(
            (item) =>
              (item as { properties?: { code?: { const?: string } } })?.properties?.code?.const !== value,
          )
          .map((item) => gone(item, value));
      if (typeof node !== 'object' || node === null) return node;
      return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, gone(item, value)]));
    };
    fc.assert(
      fc.property(
        fc.constantFrom(
          ...exceptionCodes,
          'DELIVERED',
          'ESTIMATED',
          'DAP',
          'STRATEGIC',
          'org.reroute.order.changed.v1',
        ),
        (value) => {
          for (const direction of directions)
            assert.equal(
              neededBump(compareSchemas(schema, gone(schema, value) as Schema, direction)),
              'major',
              value,
            );
        },
      ),
    );
  });
  it('ends on recursive schemas', () => {
    const tree: Schema = {
      $ref: '#/$defs/n',
      $defs: { n: { type: 'object', properties: { next: { $ref: '#/$defs/n' } } } },
    };
    assert.deepEqual(compareSchemas(tree, structuredClone(tree), 'input'), []);
  });
});
