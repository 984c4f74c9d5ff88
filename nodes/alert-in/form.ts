import { z } from 'zod';
import { alertKinds, alertRules } from '../../lib/model/alert';
import { severities } from '../../lib/model/taxonomy';
import { commonFields, listOf } from '../common/config';

const names = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(/[\s,]+/).filter((part) => part !== '') : value),
  z.array(z.string()).default([]),
);

export const alertInForm = z.object({
  ...commonFields,
  channel: z.enum(alertKinds, 'choose business or technical').default('business'),
  /** Empty lists match everything. */
  rules: listOf(z.enum(Object.keys(alertRules), 'is not a rule that raises alerts')),
  regions: names,
  /** The mildest that is taken. */
  severity: z.enum(severities, 'choose S1 to S4').default('S4'),
});
