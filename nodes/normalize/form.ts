import { z } from 'zod';
import { commonFields } from '../common/config';

export const normalizeForm = z.object({ ...commonFields });
