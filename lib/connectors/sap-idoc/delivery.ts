/**
 * Deliveries of an IDoc (E1EDL20 of DELVRY03): numbers, references, handling units, items. Message types after SAP's delivery interface
 * (https://help.sap.com/erp2005_ehp_07/helpdata/en/0e/edbf53f106b44ce10000000a174cb4/content.htm), segments after published guides of it
 * (https://opus.tracelink.com/documentation/, Shipment Notification Guidelines, IDoc DELVRY03).
 */
import {
  type FactContext,
  type FactData,
  type FactDraft,
  type Identifier,
  type Identifiers,
  incoterms,
} from '../../model/fact';
import { type CodeMeaning, loadCodes } from '../kit/codes';
import type { NormalizeContext } from '../kit/connector';
import { keyOf, sourceCodeOf } from '../kit/draft';
import { sapQuantity } from '../kit/sap';
import { idText, type Json, list, object, text } from '../kit/text';
import { type EventTime, factTime, instant, receivedTime } from '../kit/time';
import { type Control, sapTime } from './control';
import { settingsOf } from './manifest';

const codes = loadCodes(__dirname);

const segments = (parent: Json, name: string): Json[] =>
  list(parent[name])
    .map(object)
    .filter((one) => one !== undefined);

/** The segment with a qualifier. */
const qualified = (parent: Json, name: string, field: string, value: string): Json | undefined =>
  segments(parent, name).find((one) => text(one[field]) === value);

/** What is asked for (E1EDL18): goods movement decides where it is among them. */
function controlWord(delivery: Json): string | undefined {
  const words = segments(delivery, 'E1EDL18').flatMap((one) => text(one.QUALF, 3) ?? []);
  return words.includes('PGI') ? 'PGI' : words[0];
}

/**
 * A goods movement of a warehouse is a shipment or a receipt: only the delivery type tells, and where it is missing nothing is said.
 * A shipping confirmation is always about a shipment.
 */
function meaningOf(
  delivery: Json,
  { messageType }: Control,
  word: string | undefined,
  context: NormalizeContext,
): CodeMeaning {
  const meaning = codes.meaning('MESTYP', messageType, word);
  if (messageType !== 'WHSCON' || meaning.milestone !== 'SHIPPED') return meaning;
  const type = text(object(list(delivery.E1EDL21)[0])?.LFART, 4);
  const { milestone: _, ...silent } = meaning;
  if (type === undefined) return silent;
  return settingsOf(context.settings).inboundDeliveryTypes.includes(type)
    ? { ...meaning, milestone: 'RECEIVED' }
    : meaning;
}

const named = (namespace: string, values: readonly (string | undefined)[]): Identifier[] =>
  [...new Set(values.filter((value) => value !== undefined))]
    .slice(0, 200)
    .map((value) => ({ namespace, value }));

/** 18 digits with a right check digit (GS1 General Specifications, 7.9); SAP puts the application identifier 00 in front. */
export function ssccOf(value: unknown): string | undefined {
  const digits = text(value, 40)?.replace(/^00(?=\d{18}$)/, '');
  if (digits === undefined || !/^\d{18}$/.test(digits)) return undefined;
  const sum = [...digits].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 3 : 1), 0);
  return sum % 10 === 0 ? digits : undefined;
}

function identifiersOf(delivery: Json, context: NormalizeContext): Identifiers {
  const { namespace } = settingsOf(context.settings);
  const items = segments(delivery, 'E1EDL24');
  const soldTo = qualified(delivery, 'E1ADRM1', 'PARTNER_Q', 'AG');
  const sscc = segments(delivery, 'E1EDL37').flatMap((unit) => ssccOf(unit.EXIDV) ?? []);
  const found: Identifiers = {
    deliveryId: named(namespace, [idText(delivery.VBELN)]),
    erpSalesOrderId: named(
      namespace,
      items.map((item) => idText(qualified(item, 'E1EDL43', 'QUALF', 'C')?.BELNR)),
    ),
    orderNumber: named(
      'purchaseOrder',
      items.map((item) => idText(qualified(item, 'E1EDL41', 'QUALI', '001')?.BSTNR)),
    ),
    bolNumber: named(namespace, [idText(delivery.BOLNR)]),
    customerAccount: named(namespace, [idText(soldTo?.PARTNER_ID)]),
    inventoryLocation: named(namespace, [idText(delivery.VSTEL)]),
    sscc: [...new Set(sscc)].slice(0, 200),
  };
  return Object.fromEntries(
    Object.entries(found).filter(([, values]) => values !== undefined && values.length > 0),
  );
}

/** What moved; where a handling unit splits an item, its parts come as items of their own. */
function linesOf(delivery: Json): Pick<FactData, 'lines'> {
  const lines = segments(delivery, 'E1EDL24').flatMap((item) => {
    const lineId = idText(item.POSNR);
    if (lineId === undefined) return [];
    const material = text(item.MATNR);
    const fulfilled = sapQuantity(text(item.LFIMG), text(item.VRKME));
    return [
      {
        lineId,
        ...(material === undefined ? {} : { item: material }),
        ...(fulfilled === undefined ? {} : { fulfilled }),
      },
    ];
  });
  return lines.length === 0 ? {} : { lines };
}

function contextOf(delivery: Json): { context?: FactContext } {
  const incoterm = incoterms.find((one) => one === text(delivery.INCO1));
  if (incoterm === undefined) return {};
  const namedPlace = text(delivery.INCO2);
  return { context: { incoterm, ...(namedPlace === undefined ? {} : { namedPlace }) } };
}

/** When it happened: the proof of delivery's own time, the actual goods issue (E1EDT13, 006), else when the IDoc was made. */
function timeOf(
  delivery: Json,
  control: Control,
  meaning: CodeMeaning,
  context: NormalizeContext,
): EventTime {
  const { timeZone } = settingsOf(context.settings);
  const issue = qualified(delivery, 'E1EDT13', 'QUALF', '006');
  const own =
    meaning.milestone === 'DELIVERED'
      ? sapTime(delivery.PODAT, delivery.POTIM, timeZone)
      : meaning.milestone === 'SHIPPED' && issue !== undefined
        ? sapTime(issue.ISDD, issue.ISDZ, timeZone)
        : undefined;
  return own ?? control.created ?? receivedTime(context.receivedAt);
}

/** The fact about one delivery; undefined when it names no number. */
export function deliveryFact(
  delivery: Json,
  control: Control,
  key: string,
  context: NormalizeContext,
): FactDraft | undefined {
  const number = idText(delivery.VBELN);
  if (number === undefined) return undefined;
  const word = controlWord(delivery);
  const meaning = meaningOf(delivery, control, word, context);
  const { exception, milestone } = meaning;
  return {
    type:
      exception !== undefined
        ? 'org.reroute.shipment.exception.v1'
        : milestone === undefined
          ? 'org.reroute.delivery.changed.v1'
          : 'org.reroute.shipment.milestone.v1',
    dedupKey: keyOf([key, number]),
    data: {
      time: factTime(timeOf(delivery, control, meaning, context), instant(context.receivedAt)),
      identifiers: identifiersOf(delivery, context),
      sourceCode: sourceCodeOf(context.manifest, {
        codeList: 'MESTYP',
        codeListVersion: control.basicType,
        agency: 'SAP',
        status: control.messageType,
        reason: word,
      }),
      ...(milestone === undefined ? {} : { milestone }),
      ...(exception === undefined ? {} : { exception: { code: exception } }),
      ...contextOf(delivery),
      ...linesOf(delivery),
    },
  };
}
