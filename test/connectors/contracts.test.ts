import assert from 'node:assert/strict';
import { z } from 'zod';
import { operationContracts } from '../../lib/connectors/kit/contracts';
import { connectors } from '../../lib/connectors/kit/registry';

const contractOf = (kind: string, id: string) =>
  operationContracts.find((contract) => contract.kind === kind && contract.id === id);

/** Names that an answer always has. */
const promised = (schema: z.ZodObject) =>
  Object.entries(schema.shape).flatMap(([name, member]) => (isOptional(member) ? [] : [name]));

const isOptional = (member: unknown) => (member as z.ZodType).safeParse(undefined).success;

describe('operations that several systems offer', () => {
  it('have one contract each, with an example that fits it', () => {
    const keys = operationContracts.map(({ kind, id }) => `${kind}/${id}`);
    assert.deepEqual(keys, [...new Set(keys)]);
    for (const { id, input, example } of operationContracts)
      assert.equal(input.safeParse(example).error, undefined, id);
  });

  for (const { manifest, operations } of connectors) {
    for (const operation of operations) {
      const contract = contractOf(operation.kind, operation.id);
      if (contract === undefined) continue;
      it(`${manifest.id} ${operation.id} takes what every ${operation.kind} takes and answers what every ${operation.kind} answers`, () => {
        assert.equal(operation.input.safeParse(contract.example).error, undefined);
        assert.ok(operation.output instanceof z.ZodObject, 'the output is no object');
        const own = promised(operation.output);
        assert.deepEqual(
          promised(contract.output).filter((name) => !own.includes(name)),
          [],
        );
      });
    }
  }
});
