import { z } from 'zod';
import { commonFields, optionalText } from '../common/config';

export const enrichForm = z
  .object({
    ...commonFields,
    /** One optional read at a partner, before the case is enriched. */
    partner: optionalText,
    operation: optionalText,
    input: optionalText,
    /** JSONata over the message, with the answer of the read in `lookup`; gives fields of the case's context. */
    mapping: optionalText,
  })
  .refine((form) => (form.partner === '') === (form.operation === ''), {
    path: ['operation'],
    message: 'choose both a partner and an operation, or neither',
  });
export type EnrichForm = z.infer<typeof enrichForm>;
