import assert from 'node:assert/strict';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { describeApi } from '../../lib/gateway/openapi';
import { routes } from '../../lib/gateway/routes';
import { readProject } from '../support';
import { ask } from './support/client';
import { startGateway } from './support/gateway';

type Json = Record<string, unknown>;

function* objectsIn(value: unknown): Generator<Json> {
  if (value === null || typeof value !== 'object') return;
  yield value as Json;
  for (const item of Object.values(value)) yield* objectsIn(item);
}

describe('the API description', () => {
  const description = describeApi(routes) as {
    openapi: string;
    paths: Record<string, Record<string, Json>>;
    components: Json;
  };
  const operations = Object.values(description.paths).flatMap((item) => Object.values(item));

  it('is what docs/openapi.json says', () => {
    assert.deepEqual(JSON.parse(readProject('docs/openapi.json')), JSON.parse(JSON.stringify(description)));
  });

  it('is served as it is written, to everybody', async () => {
    const gateway = await startGateway();
    try {
      const { json } = await ask(gateway, 'GET /openapi.json', { as: 'nobody' });
      assert.deepEqual(json, JSON.parse(JSON.stringify(description)));
    } finally {
      await gateway.stop();
    }
  });

  it('names every call once', () => {
    assert.equal(operations.length, routes.length);
    assert.equal(new Set(operations.map((operation) => operation.operationId)).size, routes.length);
  });

  it('holds only valid JSON Schemas and references that lead somewhere', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    const schemas: unknown[] = [];
    for (const object of objectsIn(description)) {
      if (typeof object.$ref === 'string') {
        const path = object.$ref.split('/').slice(1);
        assert.ok(
          path.reduce<unknown>((value, name) => (value as Json | undefined)?.[name], description),
          object.$ref,
        );
      }
      if (object.schema) schemas.push(object.schema);
    }
    assert.ok(schemas.length > routes.length);
    ajv.compile({ anyOf: schemas, components: description.components });
  });

  it('stands in docs/api.md too, call by call with its role', () => {
    const page = readProject('docs/api.md');
    for (const { method, path, role } of routes) {
      assert.ok(page.includes(`| \`${method.toUpperCase()} ${path}\` | ${role} |`), `${method} ${path}`);
    }
  });

  it('tells of every path parameter, every key and every role', () => {
    for (const [path, item] of Object.entries(description.paths)) {
      for (const [method, operation] of Object.entries(item)) {
        const parameters = (operation.parameters ?? []) as { name?: string; in?: string; $ref?: string }[];
        const named = parameters
          .filter((parameter) => parameter.in === 'path')
          .map(({ name }) => `{${name}}`);
        assert.deepEqual(named, path.match(/{[a-z]+}/gi) ?? []);
        assert.equal(
          parameters.some(({ $ref }) => $ref === '#/components/parameters/IdempotencyKey'),
          method === 'post' && !routes.find(({ id }) => id === operation.operationId)?.keyless,
          path,
        );
        assert.ok(operation['x-role'] && operation.summary);
      }
    }
  });

  it('agrees with the bodies that are taken', () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats(ajv);
    const bodyOf = (path: string) => {
      const body = description.paths[path]?.post?.requestBody as
        | { content: Record<string, Json> }
        | undefined;
      return ajv.compile(body?.content['application/json']?.schema as Json);
    };
    const act = bodyOf('/cases/{id}/actions');
    assert.equal(act({ action: 'note', expectedVersion: 1, reason: 'r' }), true);
    assert.equal(act({ action: 'note', expectedVersion: 1 }), false);
    assert.equal(act({ action: 'explode', expectedVersion: 1, reason: 'r' }), false);
    const replay = bodyOf('/replays');
    assert.equal(replay({ name: 'n', reason: 'r', mode: 'live', select: { ids: ['a'] } }), true);
    assert.equal(replay({ name: 'n', reason: 'r', mode: 'live', select: { ids: [] } }), false);
  });
});
