import { collectedFromJson, type Out } from '../kit/collect';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, reject, totally } from '../kit/json';
import { identifiedBy, latin1 } from '../kit/scan';
import { type Json, object, text } from '../kit/text';
import { readAddress, readTransaction } from './objects';
import { readTrack } from './tracking';
import { verifyWebhook } from './verify';

const numberIn = /"tracking_number"\s*:\s*"\s*([^"\\]{1,100}?)\s*"/;
const carrierIn = /"carrier"\s*:\s*"([\w-]{1,60})"/;

/** Deliveries have no id of their own; the content tells them apart. */
function identify({ body }: InboundRequest): Identified {
  const source = latin1(body);
  const value = numberIn.exec(source)?.[1];
  const carrier = carrierIn.exec(source)?.[1]?.toLowerCase();
  return identifiedBy(body, value === undefined || carrier === undefined ? undefined : { carrier, value });
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  return collectedFromJson(body, stranger, (value, out) => {
    const root = object(value);
    const event = text(root?.event, 60);
    if (root !== undefined && event !== undefined) readWebhook(root, event, context, out);
    else if (root !== undefined) readObject(root, '', context, out);
  });
}

const stranger = { code: 'NOT_A_SHIPPO_PAYLOAD', message: 'JSON that is no payload of Shippo' };

/** WebhookPayload*: `event`, `test`, `data`. The data's own members tell what it is: track, transaction, or a sentence about a batch. */
function readWebhook(root: Json, event: string, context: NormalizeContext, out: Out): void {
  if (root.test === true && context.settings.testEvents !== true) {
    out.reports.push(notAFact('TEST_EVENT', `${event} of test mode`));
    return;
  }
  const data = object(root.data);
  if (data !== undefined) readObject(data, '/data', context, out);
  if (out.facts.length + out.reports.length > 0) return;
  if (event.startsWith('batch_')) out.reports.push(notAFact('BATCH', text(root.data, 200) ?? event));
  else out.reports.push(reject('WEBHOOK_INVALID', `${event} without data that can be read`, '/data'));
}

function readObject(body: Json, at: string, context: NormalizeContext, out: Out): void {
  if (Array.isArray(body.results))
    body.results.forEach((item, index) => {
      readItem(item, `${at}/results/${index}`, context, out);
    });
  else if (body.tracking_history !== undefined || body.carrier !== undefined)
    readTrack(body, at, context, out);
  else if (body.rate !== undefined || body.label_url !== undefined) readTransaction(body, at, context, out);
  else if (body.street1 !== undefined || body.validation_results !== undefined)
    readAddress(body, at, context, out);
  else if (body.detail !== undefined)
    out.reports.push(notAFact('REFUSED', text(body.detail, 500) ?? 'the call was refused', at));
}

function readItem(item: unknown, at: string, context: NormalizeContext, out: Out): void {
  const before = out.facts.length + out.reports.length;
  readObject(object(item) ?? {}, at, context, out);
  if (out.facts.length + out.reports.length === before)
    out.reports.push(reject('OBJECT_UNKNOWN', 'an object that is none of Shippo', at));
}

export const inbound: Inbound = {
  verify: verifyWebhook,
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
