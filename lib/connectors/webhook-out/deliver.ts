/** One event to the receiver: signed, under an id that stays the same for every attempt. */
import { refusalOf } from '../kit/answers';
import type { CallContext, OperationResult } from '../kit/connector';
import type { Notified } from '../kit/notice';
import { needed } from '../kit/outbound';
import { text } from '../kit/text';
import { instant } from '../kit/time';
import { signedHeaders } from './sign';

/** "Operational considerations": any 2xx is success, 410 means that nobody listens any more, redirects are not followed. */
export async function deliver(
  type: string,
  data: unknown,
  call: CallContext,
): Promise<OperationResult<Notified>> {
  const { path, eventPrefix } = call.settings;
  const id = `msg_${call.idempotencyKey}`;
  const name = `${text(eventPrefix, 60) ?? 'reroute'}.${type}`;
  const body = JSON.stringify({ type: name, timestamp: instant(call.now), data });
  const secrets = needed(call.secrets('signingSecret'), 'The receiver', 'signingSecret');
  const headers = { ...signedHeaders(id, call.now, body, secrets), 'content-type': 'application/json' };
  const response = await call.http({ method: 'POST', path: text(path, 500) ?? '/', headers, body });
  const { status } = response;
  const message =
    status === 410 ? 'the receiver takes no webhooks any more (410)' : `the receiver answered HTTP ${status}`;
  const refusal = refusalOf(response, call, { write: true, error: { message }, exception: () => undefined });
  return (
    refusal ?? { outcome: 'ok', output: { delivered: true, reference: id }, confirmed: true, reference: id }
  );
}
