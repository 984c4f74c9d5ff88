import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { createLabel as contract } from '../../kit/contracts/carrier';
import { object } from '../../kit/text';
import { labelException, refusal, sendShipengine } from '../client';
import {
  externalIdOf,
  findLabel,
  type Label,
  type LabelInput,
  labelInput,
  labelOf,
  labelRequest,
} from '../labels';

/** openapi.yaml: POST /v1/labels. Our key is the unique `external_shipment_id`, by which an unanswered call's label is found again. */
export const createLabel = operation<LabelInput, Label>({
  id: 'createLabel',
  title: 'Buy a label',
  description: 'Buys a label; an unanswered call is looked up by our shipment id before another is bought.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: labelInput,
  output: contract.output,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const json = labelRequest(wanted, call);
    if (typeof json === 'string') return { outcome: 'fatal', message: json };
    const response = await sendShipengine(call, { method: 'POST', path: '/v1/labels', json });
    const refused = refusal(response, call, true, labelException);
    if (refused !== undefined) return refused;
    const answer = object(response.json());
    if (answer?.status === 'error') {
      const message = 'ShipEngine could not make the label';
      return { outcome: 'business', code: 'LABEL_GENERATION_FAILED', message, vendorCode: 'error' };
    }
    const made = labelOf(answer);
    if (made === undefined) return unreadable(true);
    const confirmed = answer?.status === 'completed';
    return { outcome: 'ok', output: made, confirmed, reference: made.trackingNumber };
  },
  async lookUp(_wanted, call) {
    const found = await findLabel(call, `/v1/labels/external_shipment_id/${externalIdOf(call)}`);
    const made = found?.status === 'error' ? undefined : labelOf(found);
    if (made === undefined) return { found: false };
    return {
      found: true,
      output: made,
      confirmed: found?.status === 'completed',
      reference: made.trackingNumber,
    };
  },
});
