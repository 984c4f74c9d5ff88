import { z } from 'zod';
import { commonFields, requiredText } from '../common/config';

export const partnerInForm = z.object({ ...commonFields, partner: requiredText('choose a partner') });
