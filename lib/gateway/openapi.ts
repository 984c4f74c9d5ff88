/** OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1.html) from the route table and its zod schemas. */
import { z } from 'zod';
import { problemDetails, problemMediaType, titleOf } from './problems';
import type { Route } from './route';

/** Version of the API's description; a new field or call is minor, anything taken away would be `/api/v2`. */
export const apiVersion = '1.0.0';

type Json = Record<string, unknown>;

export function describeApi(routes: readonly Route[]): Json {
  const paths: Record<string, Json> = {};
  const schemas: Json = { Problem: jsonSchema(problemDetails, 'output') };
  for (const entry of routes) {
    const path = entry.path.replace(/:([A-Za-z]+)/g, '{$1}');
    const item = paths[path] ?? {};
    item[entry.method] = operationOf(entry, schemas);
    paths[path] = item;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Reroute',
      version: apiVersion,
      description:
        'Exceptions of logistics as cases: what happened, what was done about it, and what can be done.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/api/v1' }],
    security: [{ bearer: [] }, { session: [] }],
    tags: [...new Set(routes.map((entry) => entry.tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        session: {
          type: 'apiKey',
          in: 'cookie',
          name: 'reroute-session',
          description:
            'Set by `POST /sign-in`; `__Host-reroute-session` over TLS. Writes need the header `x-csrf-token` with the `csrfToken` of `GET /me` besides.',
        },
      },
      schemas,
      parameters: {
        IdempotencyKey: {
          name: 'Idempotency-Key',
          in: 'header',
          required: true,
          description:
            'Names this write: a repeat answers the first result, another request under the same key 422, one in flight 409',
          schema: { type: 'string', pattern: '^[\\x21-\\x7e]{1,200}$' },
        },
      },
    },
  };
}

function operationOf(entry: Route, schemas: Json): Json {
  const write = entry.method === 'post';
  const parameters = [
    ...parametersOf(entry.params, 'path'),
    ...parametersOf(entry.query, 'query'),
    ...(write && !entry.keyless ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ];
  return {
    operationId: entry.id,
    tags: [entry.tag],
    summary: entry.summary,
    ...(entry.description === undefined ? {} : { description: entry.description }),
    'x-role': entry.role,
    ...(entry.role === 'open' ? { security: [] } : {}),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(entry.body
      ? {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: jsonSchema(entry.body, 'input') } },
          },
        }
      : {}),
    responses: responsesOf(entry, schemas),
  };
}

function responsesOf(entry: Route, schemas: Json): Json {
  const { status, description, schema, mediaType } = entry.answer;
  const content =
    mediaType === undefined
      ? { 'application/json': { schema: schema ? jsonSchema(schema, 'output', schemas) : {} } }
      : { [mediaType]: {} };
  const responses: Json = { [status]: { description, content } };
  for (const refusal of refusalsOf(entry)) {
    responses[refusal] = {
      description: titleOf(refusal),
      content: { [problemMediaType]: { schema: { $ref: '#/components/schemas/Problem' } } },
    };
  }
  return responses;
}

function refusalsOf(entry: Route): number[] {
  const shared = entry.role === 'open' ? [] : [400, 401, 403, 503];
  const write = entry.method === 'post' ? [409, 413, 415, 422] : [];
  return [...new Set([...shared, ...write, ...(entry.refusals ?? [])])].sort((a, b) => a - b);
}

function parametersOf(schema: z.ZodType | undefined, place: 'path' | 'query'): Json[] {
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, default: preset, ...rest } = jsonSchema(field as z.ZodType, 'output');
    return {
      name,
      in: place,
      required: !(field as z.ZodType).safeParse(undefined).success,
      ...(description === undefined ? {} : { description }),
      // `a,b`: one parameter with commas.
      ...(rest.type === 'array' ? { style: 'form', explode: false } : {}),
      schema: { ...rest, ...(preset === undefined ? {} : { default: preset }) },
    };
  });
}

/** Schemas with an id are kept once, under the components; `found` collects them. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output', found?: Json): Json {
  const wrapped = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any', reused: 'inline' });
  const { it, $defs } = JSON.parse(
    JSON.stringify({ it: wrapped.properties?.it ?? {}, $defs: wrapped.$defs ?? {} }).replaceAll(
      '"#/$defs/',
      '"#/components/schemas/',
    ),
  ) as { it: Json; $defs: Record<string, Json> };
  for (const [name, { id: _id, ...definition }] of Object.entries($defs)) if (found) found[name] = definition;
  return it;
}
