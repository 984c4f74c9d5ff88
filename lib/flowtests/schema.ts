/** The JSON Schema of flow test files, for editors that complete and check while one writes. */
import { z } from 'zod';
import { flowTest } from './format';

export function flowTestJsonSchema(): object {
  const { $schema, ...rest } = z.toJSONSchema(flowTest, { target: 'draft-2020-12', io: 'input' });
  return {
    $schema,
    $id: 'https://reroute.dev/schemas/flowtest/1.schema.json',
    title: 'A flow test',
    ...rest,
  };
}
