import { z } from 'zod';
import { commonFields, durationUnit, optionalNumber, optionalText } from '../common/config';

export const waitForm = z
  .object({
    ...commonFields,
    kind: z.enum(['timer', 'signal', 'person'], 'choose timer, signal or person').default('timer'),
    /** How long; for a signal or a person the time-out, none when empty. */
    amount: optionalNumber('must be a number above 0'),
    unit: durationUnit.default('minutes'),
    signalName: optionalText,
    /** JSONata over the message, e.g. `case.id`. */
    signalKey: optionalText,
  })
  .refine((form) => form.kind !== 'timer' || form.amount !== undefined, {
    path: ['amount'],
    message: 'say how long the timer waits',
  })
  .refine((form) => form.kind !== 'signal' || (form.signalName !== '' && form.signalKey !== ''), {
    path: ['signalName'],
    message: 'a signal needs a name and a key',
  });
export type WaitForm = z.infer<typeof waitForm>;
