import { z } from 'zod';
import { commonFields, durationUnit, optionalNumber, optionalText, requiredText } from '../common/config';

export const verifyForm = z.object({
  ...commonFields,
  partner: requiredText('choose a partner'),
  operation: requiredText('choose a read operation'),
  input: optionalText,
  /** JSONata over the operation's output. */
  expect: requiredText('say what the answer must show'),
  every: optionalNumber('must be a number above 0').default(1),
  everyUnit: durationUnit.default('minutes'),
  within: optionalNumber('must be a number above 0').default(1),
  withinUnit: durationUnit.default('hours'),
});
