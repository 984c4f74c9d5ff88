/** Requests of the operation fixtures against what the vendor's own API description demands: vendor-schemas/README.md. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { z } from 'zod';
import type { HttpRequest } from '../../lib/connectors/kit/http';
import { connectorById } from '../../lib/connectors/kit/registry';
import { operationFixturesOf, runExchange } from './support/exchange';

const folder = join(process.cwd(), 'test', 'connectors', 'vendor-schemas');
const description = z.strictObject({
  source: z.string().min(20),
  note: z.string().optional(),
  method: z.string(),
  path: z.string(),
  /** Where it stands, `path` is without the query. */
  query: z.record(z.string(), z.unknown()).optional(),
  headers: z.record(z.string(), z.unknown()).optional(),
  body: z.record(z.string(), z.unknown()).optional(),
});

const isDate = (text: string) => z.iso.date().safeParse(text).success;
const isTime = (text: string) => z.iso.datetime({ offset: true }).safeParse(text).success;

function descriptionsOf(connector: string) {
  const ajv = new Ajv2020({
    allErrors: true,
    allowUnionTypes: true,
    formats: { date: isDate, 'date-time': isTime },
  });
  return readdirSync(join(folder, connector)).map((file) => {
    const { method, path, query, headers, body } = description.parse(
      JSON.parse(readFileSync(join(folder, connector, file), 'utf8')),
    );
    return {
      file,
      fits: (request: HttpRequest) =>
        request.method === method &&
        new RegExp(path).test(query === undefined ? request.path : (request.path.split('?')[0] ?? '')),
      query: ajv.compile(query ?? {}),
      headers: ajv.compile(headers ?? {}),
      hasBody: body !== undefined,
      body: ajv.compile(body ?? {}),
    };
  });
}

const queryOf = ({ path }: HttpRequest) => Object.fromEntries(new URLSearchParams(path.split('?')[1] ?? ''));

const lowerCase = (headers: HttpRequest['headers'] = {}) =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));

for (const id of readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
)) {
  describe(`requests of ${id} as its vendor describes them`, () => {
    const connector = connectorById(id);
    const descriptions = descriptionsOf(id);
    const used = new Set<string>();
    const described = new Set<string>();

    for (const fixture of operationFixturesOf(connector)) {
      it(fixture.name, async () => {
        const sent: HttpRequest[] = [];
        await runExchange(connector, fixture, (request) => sent.push(request));
        for (const request of sent) {
          const own = descriptions.find(({ fits }) => fits(request));
          assert.ok(own, `the vendor describes no ${request.method} ${request.path}`);
          used.add(own.file);
          described.add(fixture.operation);
          assert.ok(own.query(queryOf(request)), JSON.stringify(own.query.errors));
          assert.ok(own.headers(lowerCase(request.headers)), JSON.stringify(own.headers.errors));
          assert.equal(request.json !== undefined, own.hasBody);
          const body: unknown = request.json === undefined ? {} : JSON.parse(JSON.stringify(request.json));
          assert.ok(own.body(body), JSON.stringify(own.body.errors));
        }
      });
    }

    it('and each of its operations was seen to send one', () => {
      assert.deepEqual(
        connector.operations
          .map(({ id: operation }) => operation)
          .filter((operation) => !described.has(operation)),
        [],
      );
    });

    it('and none of its descriptions is idle', () => {
      assert.deepEqual(
        descriptions.map(({ file }) => file).filter((file) => !used.has(file)),
        [],
      );
    });
  });
}
