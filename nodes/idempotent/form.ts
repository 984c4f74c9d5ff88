import { z } from 'zod';
import { commonFields, requiredText } from '../common/config';

export const idempotentForm = z.object({
  ...commonFields,
  key: requiredText('give a JSONata expression for the key'),
});
