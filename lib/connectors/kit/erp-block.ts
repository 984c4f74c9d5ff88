/**
 * Delivery and billing blocks are one field of a document each: setting and releasing differ only in the value. What is read and written is the
 * system's own; when a block is left alone, and how it is taken back, is the same everywhere.
 */
import { z } from 'zod';
import {
  type CallContext,
  type LookUpResult,
  type Operation,
  type OperationResult,
  operation,
} from './connector';

export const blockOutput = z.object({
  document: z.string(),
  blocked: z.boolean(),
  reason: z.string().describe('Block reason after the change, empty when there is none'),
  previousReason: z.string().describe('Block reason before the change'),
});
export type BlockOutput = z.infer<typeof blockOutput>;

export interface BlockChange {
  document: string;
  /** Empty takes the block off. */
  reason: string;
  /** A reason not to touch what stands there. */
  refuse(current: string): string | undefined;
}

export interface BlockKind {
  setId: string;
  releaseId: string;
  /** Words for titles: `delivery block`. */
  what: string;
  /** What is blocked: `sales order`. */
  name: string;
  document: z.ZodType<string>;
  reason: z.ZodString;
  /** False where the system knows only blocked and not blocked: any block is then the one that is meant. */
  keepsReason: boolean;
  declared?: Pick<Operation, 'rateLimitHeaders'>;
  target(document: string): string;
  send(change: BlockChange, call: CallContext): Promise<OperationResult<BlockOutput>>;
  lookUp(change: BlockChange, call: CallContext): Promise<LookUpResult<BlockOutput>>;
}

/** As `output` of a change. */
export const blockShown = (document: string, before: string, after: string): BlockOutput => ({
  document,
  blocked: after !== '',
  reason: after,
  previousReason: before,
});

/** Sets the block. Refuses to overwrite a block with another reason unless told to: somebody set it for a cause. */
export function setBlock(kind: BlockKind): Operation {
  const { name, what } = kind;
  const input = z.object({
    document: kind.document,
    reason: kind.reason,
    replace: z
      .boolean()
      .default(false)
      .describe('True also replaces a block that somebody set for another reason'),
  });
  const change = ({ document, reason, replace }: z.infer<typeof input>): BlockChange => ({
    document,
    reason,
    refuse: (current) =>
      current === '' || replace || reason === ''
        ? undefined
        : `${name} ${document} has a ${what} with reason ${current} already`,
  });
  return operation<z.infer<typeof input>, BlockOutput>({
    ...kind.declared,
    id: kind.setId,
    title: `Set ${what}`,
    description: `Sets the ${what} of a ${name} and reads it back.`,
    kind: 'erp',
    safety: 'reconcilable',
    input,
    output: blockOutput,
    target: ({ document }) => kind.target(document),
    send: (wanted, call) => kind.send(change(wanted), call),
    lookUp: (wanted, call) => kind.lookUp(change(wanted), call),
    undo: {
      operation: kind.setId,
      input: ({ document, reason }, done) => ({
        document,
        // When nothing was blocked before, or the block was found in place after a lost answer, taking it off is the way back.
        reason: done.previousReason === reason ? '' : done.previousReason,
        replace: true,
      }),
    },
  });
}

/** Releases the block, only one with the given reason where one is given. */
export function releaseBlock(kind: BlockKind): Operation {
  const { name, what } = kind;
  const input = z.object({
    document: kind.document,
    reason: kind.reason.optional().describe('Release only a block with this reason; empty = any'),
  });
  const change = ({ document, reason }: z.infer<typeof input>): BlockChange => ({
    document,
    reason: '',
    refuse: (current) =>
      reason === undefined || !kind.keepsReason || current === reason
        ? undefined
        : `${name} ${document} has a ${what} with reason ${current}, not ${reason}`,
  });
  return operation<z.infer<typeof input>, BlockOutput>({
    ...kind.declared,
    id: kind.releaseId,
    title: `Release ${what}`,
    description: `Takes the ${what} off a ${name} and reads it back.`,
    kind: 'erp',
    safety: 'reconcilable',
    input,
    output: blockOutput,
    target: ({ document }) => kind.target(document),
    send: (wanted, call) => kind.send(change(wanted), call),
    lookUp: (wanted, call) => kind.lookUp(change(wanted), call),
    undo: {
      operation: kind.setId,
      input: ({ document, reason }, done) => ({
        document,
        reason: done.previousReason === '' ? (reason ?? '') : done.previousReason,
        replace: false,
      }),
    },
  });
}
