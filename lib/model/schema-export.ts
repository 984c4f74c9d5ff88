/** JSON Schemas of a fact on the wire, derived from zod. */
import { z } from 'zod';
import { canonicalJson, sha256Hex } from './keys';
import type { Direction, Json, Schema } from './schema-compare';
import { dataSchemaUri, wireFact } from './wire';

/**
 * The schema of one direction, draft 2020-12. What we accept (`input`) is closed; what we give (`output`) leaves room, because
 * a minor version may add a property and a reader's check must not fail on it.
 */
export function factJsonSchema(direction: Direction): Schema {
  const derived = z.toJSONSchema(wireFact, { target: 'draft-2020-12', io: direction }) as unknown as Schema;
  const { $schema, ...rest } = direction === 'output' ? (opened(derived) as Schema) : derived;
  return {
    $schema: $schema ?? null,
    $id: `${dataSchemaUri()}/${direction}.schema.json`,
    title: direction === 'input' ? 'A fact as it is accepted' : 'A fact as it is published',
    ...rest,
  };
}

/** Hash by which a released schema is known to be unchanged. */
export function schemaHash(schema: Schema): string {
  return sha256Hex(canonicalJson(schema));
}

function opened(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(opened);
  if (typeof schema !== 'object' || schema === null) return schema;
  const open = Object.entries(schema).filter(
    ([word, value]) => !(word === 'additionalProperties' && value === false),
  );
  return Object.fromEntries(open.map(([word, value]) => [word, opened(value)]));
}
