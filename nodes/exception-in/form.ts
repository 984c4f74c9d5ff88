import { z } from 'zod';
import { exceptionCodes } from '../../lib/model/taxonomy';
import { commonFields, listOf } from '../common/config';

const names = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter((part) => part !== '') : value),
  z.array(z.string()).default([]),
);

export const exceptionInForm = z.object({
  ...commonFields,
  /** Empty lists match everything. */
  codes: listOf(z.enum(exceptionCodes, 'is not an exception code of the taxonomy')),
  regions: names,
  partners: names,
  /** Also when the facts of an open case change. */
  updates: z.boolean().default(false),
});
