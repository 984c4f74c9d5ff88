import { z } from 'zod';
import { commonFields, durationUnit, optionalNumber, optionalText, requiredText } from '../common/config';

export const verifyForm = z
  .object({
    ...commonFields,
    partner: requiredText('choose a partner'),
    operation: requiredText('choose a read operation'),
    input: optionalText,
    /** A second system that must show it too, read before the first at every try. */
    alsoPartner: optionalText,
    alsoOperation: optionalText,
    alsoInput: optionalText,
    /** JSONata over the message with the answers: `output`, and `also` of the second system. */
    expect: requiredText('say what the answer must show'),
    every: optionalNumber('must be a number above 0').default(1),
    everyUnit: durationUnit.default('minutes'),
    within: optionalNumber('must be a number above 0').default(1),
    withinUnit: durationUnit.default('hours'),
  })
  .refine((form) => (form.alsoPartner === '') === (form.alsoOperation === ''), {
    path: ['alsoOperation'],
    message: 'choose both a second partner and its operation, or neither',
  });
export type VerifyForm = z.infer<typeof verifyForm>;
