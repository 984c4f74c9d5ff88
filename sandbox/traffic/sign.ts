/** Signatures as each partner puts them on its webhooks, computed over the very bytes that are sent. */
import { createHmac } from 'node:crypto';
import { signHub } from '../core/callbacks';
import type { Partner } from './scenarios';

const hmac = (secret: string, body: string) => createHmac('sha256', secret).update(body);

/** Headers that prove the sender. Without a secret: none, which a runtime must refuse. */
export function signatureHeaders(
  partner: Partner,
  secret: string | undefined,
  body: string,
): Record<string, string> {
  if (secret === undefined) return {};
  switch (partner) {
    // https://docs.easypost.com/docs/webhooks: HMAC-SHA256 in hex under the NFKD form of the secret.
    case 'easypost':
      return { 'x-hmac-signature': `hmac-sha256-hex=${hmac(secret.normalize('NFKD'), body).digest('hex')}` };
    // A poller that hands Track answers on shows a token; FedEx's own webhook signs, in Base64
    // (https://developer.fedex.com/api/en-us/catalog/shipment-visibility-webhook/docs.html, validation process).
    case 'fedex':
      return { authorization: `Bearer ${secret}`, 'fdx-signature': hmac(secret, body).digest('base64') };
    // UPSTrackAlert.yaml, webhook TrackingEvent: the credential of the subscription as it is.
    case 'ups':
      return { credential: secret, 'user-agent': 'UPSPubSubTrackingService' };
    // EPCIS leaves authentication to the transport: token or signature, as the runtime is set up.
    case 'wms':
      return { authorization: `Bearer ${secret}`, 'x-hub-signature-256': signHub(secret, body) };
    // docs/partner-rest.md, Webhooks.
    case 'tms':
      return { 'x-hub-signature-256': signHub(secret, body) };
  }
}
