import { unreadable } from '../../kit/answers';
import { operation } from '../../kit/connector';
import { createLabel as contract } from '../../kit/contracts/carrier';
import { answerOf, mediaTypes, refusal, sendCanadaPost } from '../client';
import {
  findShipment,
  type Label,
  type LabelInput,
  labelOf,
  shipmentRequest,
  shipmentsPath,
  withArtifact,
} from '../labels';

/** POST /rs/{mailed by}/{mobo}/shipment. Our key is the `customer-request-id`, by which Get Shipments finds it again. */
export const createLabel = operation<LabelInput, Label>({
  id: 'createLabel',
  title: 'Buy a label',
  description:
    'Creates a shipment under the parcel agreement; an unanswered call is looked up by our key first.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input: contract.input,
  output: contract.output,
  target: ({ reference }) => `label/${reference}`,
  undo: { operation: 'voidLabel', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const request = shipmentRequest(wanted, call);
    if ('fault' in request) return { outcome: 'fatal', message: request.fault };
    const { body } = request;
    const path = shipmentsPath(call);
    const response = await sendCanadaPost(call, mediaTypes.shipment, { method: 'POST', path, body });
    const refused = refusal(response, call, true, 'LABEL_GENERATION_FAILED');
    if (refused !== undefined) return refused;
    const made = labelOf(answerOf(response, 'shipment-info'), wanted.labelFormat);
    if (made === undefined) return unreadable(true);
    const output = await withArtifact(made, call);
    return { outcome: 'ok', output, confirmed: true, reference: made.trackingNumber };
  },
  async lookUp(wanted, call) {
    const made = labelOf(await findShipment(call), wanted.labelFormat);
    if (made === undefined) return { found: false };
    const output = await withArtifact(made, call);
    return { found: true, output, confirmed: true, reference: made.trackingNumber };
  },
});
