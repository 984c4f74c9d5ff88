import { z } from 'zod';
import { checkedBy } from '../../lib/connectors/kit/payload';
import { factData, factTypes } from '../../lib/model/fact';
import { commonFields } from '../common/config';

export const recordForm = z.object({ ...commonFields });

/** Compiled, for it is asked of every fact. What may come between normalize and record is an analyst's flow: what it made of the facts is checked again here. */
export const checkFactDrafts = checkedBy(
  z.array(
    z.strictObject({
      type: z.enum(factTypes),
      dedupKey: z.string().min(1).max(300),
      data: factData.omit({ raw: true }),
    }),
  ),
);
