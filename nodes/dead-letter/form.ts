import { z } from 'zod';
import { commonFields, optionalText, requiredText } from '../common/config';

export const deadLetterForm = z.object({
  ...commonFields,
  code: requiredText('give a reason code').regex(
    /^[A-Z][A-Z0-9_]*$/,
    'use capitals, digits and underscores, like NO_STOCK_DATA',
  ),
  /** JSONata over the message; empty takes the words of the error that a Catch node brought. */
  message: optionalText,
});
