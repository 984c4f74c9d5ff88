import type { ExceptionCode } from '../../../model/taxonomy';
import { refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, operation } from '../../kit/connector';
import { object } from '../../kit/text';
import { accountMissing, accountOf, sendUps, upsError } from '../client';
import { codes } from '../events';
import { recoverLabels } from '../recovery';
import { type LabelOutput, labelOutput, shipmentOf } from '../shipment-answer';
import { type LabelInput, labelFormat, labelInput, shipmentRequest } from '../shipment-request';

/** Our own reference on the shipment: 35 of the key's 64 hex digits, as many as UPS takes. */
const referenceOf = (call: CallContext) => call.idempotencyKey.slice(0, 35);

function exceptionOf(code: string | undefined): ExceptionCode {
  const meaning = code === undefined ? undefined : codes.meaning('error', code);
  return (meaning?.mapped ? meaning.exception : undefined) ?? 'LABEL_GENERATION_FAILED';
}

/** Shipping.yaml: POST /api/shipments/v2409/ship. UPS takes no idempotency key; our reference finds the labels again. */
export const createLabel = operation<LabelInput, LabelOutput>({
  id: 'createLabel',
  title: 'Create a label',
  description:
    'Buys the labels of a shipment; an unanswered call is looked up by our reference before another one is bought.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: labelInput,
  output: labelOutput,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const account = accountOf(call);
    if (account === undefined) return accountMissing;
    if (wanted.customs !== undefined && wanted.customs.length > 0)
      return { outcome: 'fatal', message: 'customs forms of UPS are not supported: leave customs out' };
    const json = shipmentRequest(wanted, account, referenceOf(call));
    if (typeof json === 'string')
      return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message: json };
    const response = await sendUps(call, { method: 'POST', path: '/api/shipments/v2409/ship', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: upsError(response),
      exception: (error) => exceptionOf(error?.code),
    });
    if (refusal !== undefined) return refusal;
    const results = object(object(object(response.json())?.ShipmentResponse)?.ShipmentResults);
    const made = shipmentOf(results, results?.PackageResults);
    return made === undefined
      ? unreadable(true)
      : {
          outcome: 'ok',
          output: { ...made, service: wanted.service },
          confirmed: true,
          reference: made.trackingNumber,
        };
  },
  async lookUp({ labelFormat: format }, call) {
    const account = accountOf(call);
    return account === undefined
      ? { found: false }
      : recoverLabels(call, account, referenceOf(call), labelFormat(format));
  },
});
