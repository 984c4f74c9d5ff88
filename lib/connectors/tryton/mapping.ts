/** Customer shipments of a poll (`{ "id": 1, "result": [...] }` of `search_read`): one fact each, the same until its content changes. */
import type { FactData, FactDraft, Quantity } from '../../model/fact';
import { canonicalJson, sha256Hex } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
  Verification,
} from '../kit/connector';
import { decimalOf } from '../kit/decimal';
import { keyOf, sourceCodeOf } from '../kit/draft';
import { parseJson, reject, rejected, soundly } from '../kit/json';
import { idText, type Json, list, object, text } from '../kit/text';
import { type EventTime, factTime, instant, receivedTime } from '../kit/time';
import { momentValue } from './values';

const codes = loadCodes(__dirname);
const namespace = 'tryton';
const model = 'stock.shipment.out';

/** Nothing is delivered to us: what comes is fetched. */
const verify = (): Verification => ({ ok: false, reason: 'Tryton sends no events, they are fetched' });

/** Symbols of Tryton's own units (trytond modules/product/uom.xml) by their UNECE Rec 20 codes; others are left out, not guessed. */
const units: Readonly<Record<string, string>> = {
  u: 'C62',
  kg: 'KGM',
  g: 'GRM',
  m: 'MTR',
  cm: 'CMT',
  h: 'HUR',
  d: 'DAY',
};

function quantityOf(move: Json): Quantity | undefined {
  const uom = units[text(object(move['uom.'])?.symbol) ?? ''];
  const value = typeof move.quantity === 'number' ? decimalOf(move.quantity) : undefined;
  return uom === undefined || value === undefined ? undefined : { value, uom };
}

/** Sale lines with what leaves for them; a move that came from elsewhere is known by its own id. */
function lineOf(move: Json): NonNullable<FactData['lines']>[number] | undefined {
  const own = idText(move.id);
  const lineId = /^sale\.line,(\d+)$/.exec(text(move.origin) ?? '')?.[1] ?? (own && `move-${own}`);
  if (lineId === undefined) return undefined;
  const item = text(object(move['product.'])?.code);
  const fulfilled = quantityOf(move);
  return {
    lineId,
    ...(item === undefined ? {} : { item }),
    ...(fulfilled === undefined ? {} : { fulfilled }),
  };
}

function timeOf(shipment: Json, context: NormalizeContext): EventTime {
  const ms = momentValue.safeParse(shipment.write_date).data;
  if (ms === undefined || Math.abs(ms) > 253_402_300_799_999) return receivedTime(context.receivedAt);
  return { iso: instant(ms), offset: '+00:00', ms, confidence: 'SOURCE_OFFSET' };
}

/** Hash of what a shipment says, in whatever order its moves come; when it was written says nothing about it. */
function contentOf({ write_date: _, 'outgoing_moves.': moves, ...content }: Json): string {
  const sorted = list(moves)
    .map((move) => canonicalJson(move))
    .sort();
  return sha256Hex(canonicalJson([content, sorted]));
}

function factOf(shipment: Json, context: NormalizeContext): FactDraft | undefined {
  const number = idText(shipment.number);
  const state = text(shipment.state, 50);
  if (number === undefined || state === undefined) return undefined;
  const moves = list(shipment['outgoing_moves.'])
    .map(object)
    .filter((move) => move !== undefined)
    .filter((move) => move.state !== 'cancelled');
  const sales = [...new Set(moves.flatMap((move) => idText(object(move['sale.'])?.number) ?? []))];
  const warehouse = idText(object(shipment['warehouse.'])?.code);
  const { milestone, exception } = codes.meaning(model, state);
  const lines = moves.map(lineOf).filter((line) => line !== undefined);
  return {
    type:
      exception !== undefined
        ? 'org.reroute.shipment.exception.v1'
        : milestone === undefined
          ? 'org.reroute.delivery.changed.v1'
          : 'org.reroute.shipment.milestone.v1',
    dedupKey: keyOf([model, contentOf(shipment)]),
    data: {
      time: factTime(timeOf(shipment, context), instant(context.receivedAt)),
      identifiers: {
        deliveryId: [{ namespace, value: number }],
        ...(sales.length === 0
          ? {}
          : { erpSalesOrderId: sales.slice(0, 200).map((value) => ({ namespace, value })) }),
        ...(warehouse === undefined ? {} : { inventoryLocation: [{ namespace, value: warehouse }] }),
      },
      sourceCode: sourceCodeOf(context.manifest, { codeList: model, agency: 'TRYTON', status: state }),
      ...(milestone === undefined ? {} : { milestone }),
      ...(exception === undefined ? {} : { exception: { code: exception } }),
      ...(lines.length === 0 ? {} : { lines }),
    },
  };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = parseJson(request.body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  return soundly(() => {
    const answer = object(parsed.value);
    if (answer === undefined || !Array.isArray(answer.result))
      return rejected('NOT_AN_ANSWER', 'the payload is no answer of search_read');
    const results = list(answer.result).map((one, at) => {
      const fact = factOf(object(one) ?? {}, context);
      return fact ?? reject('NOT_A_SHIPMENT', 'a record without number and state', `/result/${at}`);
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
