/**
 * What operations of the same id have in common, whichever system offers them: a flow that calls `createLabel` at one carrier can
 * call it at another by choosing another partner. A connector's own operation takes at least this input (its own fields are optional or have
 * defaults) and answers at least this output; `test/connectors/contracts.test.ts` holds it to that.
 */
import type { z } from 'zod';
import type { SystemKind } from '../connector';

export interface OperationContract<I extends z.ZodObject = z.ZodObject, O extends z.ZodObject = z.ZodObject> {
  id: string;
  kind: SystemKind;
  input: I;
  output: O;
  /** An input with every field filled in, as a flow might write it. */
  example: z.input<I>;
}

/** Keeps the types of input and output for those that extend them. */
export function contract<I extends z.ZodObject, O extends z.ZodObject>(
  definition: OperationContract<I, O>,
): OperationContract<I, O> {
  return definition;
}
