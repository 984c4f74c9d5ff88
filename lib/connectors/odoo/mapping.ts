/** Deliveries of a poll, as `search_read` of `stock.picking` answers them (a list, which JSON-RPC wraps as `result`): one fact each. */
import type { FactDraft } from '../../model/fact';
import { sha256Hex } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
  Verification,
} from '../kit/connector';
import { keyOf, sourceCodeOf } from '../kit/draft';
import { parseJson, reject, rejected, soundly } from '../kit/json';
import { idText, type Json, list, object, text } from '../kit/text';
import { factTime, instant, isoTime, receivedTime } from '../kit/time';

const codes = loadCodes(__dirname);
const namespace = 'odoo';
const model = 'stock.picking';

/** Nothing is delivered to us: what comes is fetched. */
const verify = (): Verification => ({ ok: false, reason: 'Odoo sends no events, they are fetched' });

/** Moments are kept in UTC and written without a zone: `2026-03-02 08:30:05`. */
const utc = (value: unknown) => isoTime(`${text(value) ?? ''}Z`);

function factOf(delivery: Json, context: NormalizeContext): FactDraft | undefined {
  const number = idText(delivery.name);
  const state = text(delivery.state, 50);
  if (number === undefined || state === undefined) return undefined;
  const origin = idText(delivery.origin);
  const place = text(list(delivery.location_id).find((part) => typeof part === 'string'));
  const { milestone, exception } = codes.meaning(model, state);
  const done = milestone === 'SHIPPED' ? utc(delivery.date_done) : undefined;
  const time = done ?? utc(delivery.write_date) ?? receivedTime(context.receivedAt);
  return {
    type:
      exception !== undefined
        ? 'org.reroute.shipment.exception.v1'
        : milestone === undefined
          ? 'org.reroute.delivery.changed.v1'
          : 'org.reroute.shipment.milestone.v1',
    dedupKey: keyOf([
      model,
      idText(delivery.id),
      number,
      state,
      origin,
      text(delivery.scheduled_date),
      text(delivery.date_done),
      place,
    ]),
    data: {
      time: factTime(time, instant(context.receivedAt)),
      identifiers: {
        deliveryId: [{ namespace, value: number }],
        ...(origin === undefined ? {} : { erpSalesOrderId: [{ namespace, value: origin }] }),
        ...(place === undefined ? {} : { inventoryLocation: [{ namespace, value: place }] }),
      },
      sourceCode: sourceCodeOf(context.manifest, { codeList: model, agency: 'ODOO', status: state }),
      ...(milestone === undefined ? {} : { milestone }),
      ...(exception === undefined ? {} : { exception: { code: exception } }),
    },
  };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = parseJson(request.body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  return soundly(() => {
    const records = Array.isArray(parsed.value) ? parsed.value : object(parsed.value)?.result;
    if (!Array.isArray(records)) return rejected('NOT_AN_ANSWER', 'the payload is no answer of search_read');
    const results = list(records).map((one, at) => {
      const fact = factOf(object(one) ?? {}, context);
      return fact ?? reject('NOT_A_DELIVERY', 'a record without name and state', `/${at}`);
    });
    return {
      facts: results.flatMap((one) => ('dedupKey' in one ? [one] : [])),
      reports: results.flatMap((one) => ('dedupKey' in one ? [] : [one])),
    };
  });
}

/** A page is known by its bytes; what is in it, by its content. */
const identify = (request: InboundRequest): Identified => ({ dedupKey: sha256Hex(request.body) });

export const inbound: Inbound = { verify, identify, normalize };
