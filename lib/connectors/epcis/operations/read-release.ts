import { z } from 'zod';
import { operation } from '../../kit/connector';
import { ask, segment } from '../../kit/partner-rest';
import { type Release, release } from '../rest';

const input = z.object({ reference: z.string().min(1).max(200).describe('Our name for the release') });

/** `GET /releases/{reference}`. */
export const readRelease = operation<z.infer<typeof input>, Release>({
  id: 'readRelease',
  title: 'Read release',
  description: 'Reads how far the warehouse is with a release.',
  kind: 'wms',
  safety: 'read',
  input,
  output: release,
  target: (wanted) => `releases/${wanted.reference}`,
  async send(wanted, call) {
    const answer = await ask(call, `/releases/${segment(wanted.reference)}`, release);
    return answer.ok
      ? { outcome: 'ok', output: answer.value, confirmed: true, reference: wanted.reference }
      : answer.refusal;
  },
});
