import { z } from 'zod';
import { alertKinds } from '../../lib/model/alert';
import { severities } from '../../lib/model/taxonomy';
import { commonFields, optionalText, requiredText } from '../common/config';

export const alertForm = z.object({
  ...commonFields,
  channel: z.enum(alertKinds, 'choose business or technical').default('business'),
  severity: z.enum(severities, 'choose S1 to S4').default('S3'),
  /** One line, as it is; what changes belongs into the message. */
  title: requiredText('give the alert a title'),
  /** JSONata over the message; empty takes the title. */
  message: optionalText,
  /** JSONata: one cause; empty takes the case, or the run. */
  key: optionalText,
  /** `resolve`: ends the open alert of the key. */
  action: z.enum(['raise', 'resolve'], 'choose raise or resolve').default('raise'),
  /** Id of the alert node whose alerts are ended; empty for this node's own. */
  of: optionalText,
});
