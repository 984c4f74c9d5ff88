import { z } from 'zod';
import {
  commonFields,
  durationUnit,
  listOf,
  optionalNumber,
  optionalText,
  requiredText,
} from '../common/config';

const choice = z.strictObject({
  id: requiredText('give each choice a name').regex(
    /^[A-Z][A-Z0-9_]{0,39}$/,
    'use capitals, digits and underscores, like REBOOK',
  ),
  label: requiredText('say what each choice is called'),
  consequence: requiredText('say what each choice leads to'),
  role: z.enum(['operator', 'supervisor'], 'choose operator or supervisor').default('operator'),
});

export const decisionForm = z
  .object({
    ...commonFields,
    /** Pinned on the case, as a policy's is. */
    decision: requiredText('give the decision a name'),
    decisionVersion: requiredText('give the decision a version').default('1'),
    text: requiredText('say what is asked'),
    choices: listOf(choice),
    /** Order value above which two persons decide, in major units of the currency; empty: one always does. */
    limitAmount: optionalNumber('must be an amount above 0'),
    limitCurrency: optionalText,
    /** How long to wait; empty: for ever. */
    within: optionalNumber('must be a number above 0'),
    withinUnit: durationUnit.default('hours'),
    /** Id of the choice that time takes; empty: the case becomes a person's. */
    fallback: optionalText,
    /** How many outputs the node is drawn with; follows from the choices. */
    outputs: z.coerce.number().int().min(1).optional(),
  })
  .refine(({ choices }) => choices.length >= 2 && choices.length <= 10, {
    path: ['choices'],
    message: 'a decision has two to ten choices',
  })
  .refine(({ choices }) => new Set(choices.map(({ id }) => id)).size === choices.length, {
    path: ['choices'],
    message: 'two choices have the same name',
  })
  .refine(({ choices, fallback }) => fallback === '' || choices.some(({ id }) => id === fallback), {
    path: ['fallback'],
    message: 'the default is none of the choices',
  })
  .refine(({ fallback, within }) => fallback === '' || within !== undefined, {
    path: ['within'],
    message: 'a default needs a time after which it is taken',
  })
  .refine(({ limitAmount, limitCurrency }) => limitAmount === undefined || /^[A-Z]{3}$/.test(limitCurrency), {
    path: ['limitCurrency'],
    message: 'a limit needs a currency, like EUR',
  });
export type DecisionForm = z.infer<typeof decisionForm>;
