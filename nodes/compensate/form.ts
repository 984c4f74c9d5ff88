import { z } from 'zod';
import { commonFields } from '../common/config';

export const compensateForm = z.object({ ...commonFields });
