/** Commands on cases, as operators give them. */
import { z } from 'zod';
import { caseTable } from '../../model/case';
import type { Role } from '../roles';
import { instant, reason } from './common';

const evidence = z
  .array(
    z.strictObject({
      system: z.string().trim().min(1).max(100).describe('Which system shows it, e.g. a partner'),
      description: z.string().trim().min(1).max(2000),
      reference: z.string().max(2000).optional(),
    }),
  )
  .min(1)
  .max(20);

const common = {
  expectedVersion: z
    .int()
    .min(1)
    .describe('Version of the case the caller has seen; another one answers 409'),
  reason,
};

const effectDecision = z.strictObject({
  key: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('Key of the effect'),
  decision: z
    .enum(['approve', 'decline', 'confirm', 'fail'])
    .describe(
      '`approve` and `decline` for an effect that awaits approval; `confirm` and `fail` say what really happened to an UNKNOWN one',
    ),
});

export const caseAction = z.discriminatedUnion('action', [
  z.strictObject({
    action: z.literal('assign'),
    ...common,
    assignee: z.string().trim().min(1).max(100).nullable().describe('null takes the assignee away'),
  }),
  z.strictObject({ action: z.literal('note'), ...common }).describe('`reason` is the note'),
  z
    .strictObject({
      action: z.literal('decide'),
      ...common,
      outcome: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .optional()
        .describe('Outcome of the pending decision, e.g. SPLIT'),
      choice: z
        .string()
        .trim()
        .min(1)
        .max(100)
        .optional()
        .describe('One of the choices of the question; above its limit the first of two persons proposes'),
      then: z
        .record(z.string().max(100), z.unknown())
        .optional()
        .describe('What the policy row would have set'),
      effects: z.array(effectDecision).min(1).max(50).optional(),
    })
    .refine(
      (value) => value.outcome !== undefined || value.choice !== undefined || value.effects !== undefined,
      {
        message: 'give a choice, an outcome, or decisions on effects',
        path: ['outcome'],
      },
    ),
  z.strictObject({ action: z.literal('takeOver'), ...common }),
  z.strictObject({ action: z.literal('handBack'), ...common }),
  z.strictObject({ action: z.literal('resolve'), ...common, evidence }),
  z.strictObject({ action: z.literal('verify'), ...common, evidence }),
  z.strictObject({ action: z.literal('close'), ...common }),
  z.strictObject({ action: z.literal('suppress'), ...common, until: instant.describe('A suppression ends') }),
  z.strictObject({ action: z.literal('cancel'), ...common }),
  z.strictObject({ action: z.literal('reopen'), ...common }),
  z.strictObject({ action: z.literal('escalate'), ...common }),
]);
/** A validated command; `until` stays RFC 3339 text. */
export type CaseAction = z.infer<typeof caseAction>;
export type CaseActionName = CaseAction['action'];

/** The role each action asks for, from the case table. What lies above a caller's limit is refused by the engine. */
export function caseActionRole(action: CaseActionName): Role {
  const { role } = caseTable[action];
  return role === 'system' ? 'admin' : role;
}
