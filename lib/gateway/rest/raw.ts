/** Raw bytes go out as a download that no browser runs or renders, and every read of them is audited. */
import { audit } from '../audit';
import type { Caller, GatewayDeps } from '../deps';
import { Problem } from '../problems';
import type { Answer } from '../route';

export const rawAnswer = {
  status: 200,
  description: 'The bytes as they came; `Reroute-Media-Type` says what they are',
  mediaType: 'application/octet-stream',
};

/** @throws Problem 404 */
export async function rawBytes(
  deps: GatewayDeps,
  caller: Caller,
  rawId: string | undefined,
  reason: string,
): Promise<Answer> {
  const raw = rawId === undefined ? undefined : await deps.ledger.rawPayload(rawId);
  if (!raw) throw new Problem(404, 'no-raw-payload', { detail: 'No raw payload belongs to it.' });
  await audit(
    deps,
    { actor: caller.actor, action: 'raw.read', subject: `raw:${raw.id}`, reason, outcome: 'done' },
    raw.partition,
  );
  return {
    status: 200,
    mediaType: rawAnswer.mediaType,
    bytes: raw.body,
    headers: {
      'content-disposition': 'attachment; filename="payload.bin"',
      'reroute-media-type': raw.mediaType.replace(/[^\x20-\x7e]/g, '?'),
      'reroute-sha256': raw.contentHash,
    },
  };
}
