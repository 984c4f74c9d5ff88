/** What the operations send is what the vendors' own descriptions allow; `vendor-schemas/README.md` says how the schemas are written. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import { z } from 'zod';
import type { HttpRequest } from '../../lib/connectors/kit/http';
import { connectorById } from '../../lib/connectors/kit/registry';
import { operationFixturesOf, plain, runExchange } from './support/exchange';

const folder = join(process.cwd(), 'test', 'connectors', 'vendor-schemas');
const schemaFile = z.strictObject({
  source: z.string().min(20),
  request: z.string().regex(/^(POST|PUT|PATCH|DELETE) \/\S*$/),
  schema: z.record(z.string(), z.unknown()),
});

interface RequestSchema {
  name: string;
  method: string;
  path: RegExp;
  validate: ValidateFunction;
}

function schemasOf(connector: string): RequestSchema[] {
  const ajv = new Ajv2020({ allErrors: true, strict: true, formats: { date: isDate, 'date-time': isTime } });
  const names = readdirSync(join(folder, connector)).filter((name) => name.endsWith('.json'));
  return names.map((name) => {
    const text = readFileSync(join(folder, connector, name), 'utf8');
    const { request, schema } = schemaFile.parse(JSON.parse(text));
    const [method = '', template = ''] = request.split(' ');
    return { name, method, path: patternOf(template), validate: ajv.compile(schema) };
  });
}

const isDate = (text: string) => z.iso.date().safeParse(text).success;
const isTime = (text: string) => z.iso.datetime({ offset: true }).safeParse(text).success;

/** `/v1/labels/{label_id}/void`: a brace stands for one segment. */
function patternOf(template: string): RegExp {
  const segments = template
    .split('/')
    .map((segment) => (/^\{\w+\}$/.test(segment) ? '[^/]+' : segment.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${segments.join('/')}$`);
}

function matching(schemas: readonly RequestSchema[], { method, path }: HttpRequest) {
  const bare = path.split('?')[0] ?? '';
  return schemas.find((schema) => schema.method === method && schema.path.test(bare));
}

const connectorsWithSchemas = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

for (const name of connectorsWithSchemas) {
  describe(`connector ${name}: requests against the vendor's description`, () => {
    const schemas = schemasOf(name);
    const connector = connectorById(name);
    const used = new Set<string>();

    for (const fixture of operationFixturesOf(connector)) {
      it(`${fixture.name} sends what the vendor takes`, async () => {
        const sent: HttpRequest[] = [];
        await runExchange(connector, fixture, (request) => sent.push(request));
        for (const request of sent.filter(({ json }) => json !== undefined)) {
          const schema = matching(schemas, request);
          assert.ok(schema, `no schema describes ${request.method} ${request.path}`);
          used.add(schema.name);
          schema.validate(plain(request.json));
          assert.deepEqual(schema.validate.errors ?? [], []);
        }
      });
    }

    it('has no schema that no fixture uses', () => {
      assert.deepEqual(
        schemas.map((schema) => schema.name).filter((file) => !used.has(file)),
        [],
      );
    });
  });
}
