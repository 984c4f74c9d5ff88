/** Shipments as Canada Post takes and shows them (.../services/shippingmanifest/createshipment.jsf, shipment-v8). */
import type { z } from 'zod';
import { tooLong } from '../kit/address-room';
import { lookUpUnanswered } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { createLabel, Parcel } from '../kit/contracts/carrier';
import { lengthIn, weightIn } from '../kit/measures';
import { majorUnits, moneyOf } from '../kit/money';
import { quietly, reading } from '../kit/outbound';
import { present } from '../kit/present';
import { idText, type Json, object, objects, text } from '../kit/text';
import { answerOf, customerOf, mediaTypes, sendCanadaPost } from './client';
import { type XmlContent, xmlDocument } from './write-xml';

export type LabelInput = z.infer<typeof createLabel.input>;
export type Label = z.infer<typeof createLabel.output>;

export const namespace = 'http://www.canadapost.ca/ws/shipment-v8';

/** `customer-request-id`: 35 signs by which Get Shipments finds the shipment again. */
export const requestIdOf = (call: CallContext) => call.idempotencyKey.slice(0, 35);

export function shipmentsPath(call: CallContext): string {
  const { mailedBy, onBehalfOf } = customerOf(call);
  return `/rs/${mailedBy}/${onBehalfOf}/shipment`;
}

export const shipmentPath = (call: CallContext, id: string) =>
  `${shipmentsPath(call)}/${encodeURIComponent(id)}`;

/** The body of Create Shipment; what is wrong with the input otherwise. */
export function shipmentRequest(wanted: LabelInput, call: CallContext): { body: string } | { fault: string } {
  const [parcel, ...others] = wanted.parcels;
  if (parcel === undefined || others.length > 0) return { fault: 'ask for one Canada Post label a parcel' };
  if (wanted.labelFormat !== 'PDF' && wanted.labelFormat !== 'ZPL')
    return { fault: 'Canada Post prints PDF and ZPL' };
  const weight = weightIn(parcel.weight, 'KGM', 3);
  if (weight === undefined) return { fault: 'the weight must be in KGM, GRM, LBR or ONZ' };
  const { from, to } = wanted;
  const long = tooLong(room, { ...from, lines: linesOf(from) }, { ...to, lines: linesOf(to) });
  if (long !== undefined) return { fault: long };
  const shippingPoint = postalCode(from.postalCode);
  const company = from.company ?? from.name;
  if (from.country !== 'CA' || shippingPoint === undefined || from.region === undefined)
    return { fault: 'Canada Post ships from a Canadian address with province and postal code' };
  if (company === undefined || from.phone === undefined)
    return { fault: 'Canada Post needs a company and a phone of the sender' };
  const customs = wanted.customs === undefined ? undefined : customsOf(wanted.customs);
  if (typeof customs === 'string') return { fault: customs };
  const groupId = text(call.settings.groupId, 32);
  return {
    body: xmlDocument('shipment', namespace, {
      'customer-request-id': requestIdOf(call),
      ...(groupId === undefined ? { 'transmit-shipment': true } : { 'group-id': groupId }),
      'requested-shipping-point': shippingPoint,
      'provide-pricing-info': true,
      'delivery-spec': {
        'service-code': wanted.service,
        sender: {
          name: from.name?.slice(0, 44),
          company: company.slice(0, 44),
          'contact-phone': from.phone.slice(0, 25),
          'address-details': addressOf(from),
        },
        destination: {
          name: to.name?.slice(0, 44),
          company: to.company?.slice(0, 44),
          'client-voice-number': to.phone?.slice(0, 25),
          'address-details': addressOf(to),
        },
        'parcel-characteristics': { weight, dimensions: dimensionsOf(parcel) },
        'print-preferences': { 'output-format': '4x6', encoding: wanted.labelFormat },
        preferences: { 'show-packing-instructions': false },
        references: { 'customer-ref-1': wanted.reference },
        customs,
        'settlement-info': {
          'contract-id': text(call.settings.contractId, 10),
          'intended-method-of-payment': text(call.settings.methodOfPayment, 15) ?? 'Account',
        },
      },
    }),
  };
}

/** `K1A 0B1` as `K1A0B1`; undefined for what is no Canadian postal code. */
export function postalCode(value: string | undefined): string | undefined {
  const plain = value?.replace(/[\s-]/g, '').toUpperCase();
  return plain !== undefined && /^[A-Z]\d[A-Z]\d[A-Z]\d$/.test(plain) ? plain : undefined;
}

const room = { carrier: 'Canada Post', line: 44, city: 40, postalCode: 14 };

/** There are two lines for the street. */
const linesOf = ({ lines }: LabelInput['to']) =>
  [lines[0], lines.slice(1).join(', ')].flatMap((line) => line || []);

function addressOf(address: LabelInput['to']): XmlContent {
  const { city, region, country, postalCode: code } = address;
  const [first, second] = linesOf(address);
  return {
    'address-line-1': first,
    'address-line-2': second,
    city,
    'prov-state': region,
    'country-code': country,
    'postal-zip-code': country === 'CA' ? (postalCode(code) ?? code) : code,
  };
}

function dimensionsOf({ length, width, height, dimensionUom }: Parcel): XmlContent | undefined {
  if (length === undefined || width === undefined || height === undefined) return undefined;
  const centimetres = (side: string) => lengthIn(side, dimensionUom, 'CMT', 1);
  return { length: centimetres(length), width: centimetres(width), height: centimetres(height) };
}

/** Declared values in one currency; sale of goods. */
function customsOf(lines: NonNullable<LabelInput['customs']>): XmlContent | string {
  const currency = lines[0]?.value.currency ?? 'CAD';
  if (lines.some(({ value }) => value.currency !== currency))
    return 'Canada Post takes customs values in one currency';
  const items = lines.flatMap((line) => {
    const weight = line.weight === undefined ? undefined : weightIn(line.weight, 'KGM', 3);
    if (weight === undefined) return [];
    return {
      'customs-number-of-units': Math.ceil(Number(line.quantity)),
      'customs-description': line.description.slice(0, 45),
      'hs-tariff-code': tariffCode(line.hsCode),
      'unit-weight': weight,
      'customs-value-per-unit': majorUnits(line.value),
      'country-of-origin': line.originCountry,
    };
  });
  if (items.length < lines.length) return 'Canada Post needs the weight of every customs line';
  return { currency, 'reason-for-export': 'SOG', 'sku-list': { item: items } };
}

/** `611595` as `6115.95`; what has another length is left out. */
function tariffCode(value: string | undefined): string | undefined {
  const digits = value?.replace(/\D/g, '') ?? '';
  if (![4, 6, 8, 10].includes(digits.length)) return undefined;
  return [digits.slice(0, 4), ...(digits.slice(4).match(/../g) ?? [])].join('.');
}

/** What a `shipment-info` says of its label; undefined without its two numbers. */
export function labelOf(info: Json | undefined, format: string): Label | undefined {
  const shipmentId = idText(info?.['shipment-id']);
  const trackingNumber = idText(info?.['tracking-pin']);
  if (shipmentId === undefined || trackingNumber === undefined) return undefined;
  const price = object(info?.['shipment-price']);
  const url = linkOf(info, 'label');
  return present({
    shipmentId,
    trackingNumber,
    trackingNumbers: [trackingNumber],
    carrier: 'canadapost',
    service: text(price?.['service-code'], 60),
    cost: moneyOf(price?.['due-amount'], 'CAD'),
    label: url === undefined ? undefined : { format, url },
  });
}

function linkOf(info: Json | undefined, rel: string): string | undefined {
  const links = objects(object(info?.links)?.link, 50);
  return text(links.find((link) => link['@rel'] === rel)?.['@href'], 2000);
}

/** The label itself: its address opens for the API key alone. What cannot be had now stays an address. */
export async function withArtifact(label: Label, call: CallContext): Promise<Label> {
  const { url, format } = label.label ?? {};
  const path = artifactIn.exec(url ?? '')?.[1];
  if (path === undefined || format === undefined) return label;
  const accept = format === 'ZPL' ? 'application/zpl' : 'application/pdf';
  const response = await quietly(() => sendCanadaPost(call, accept, { method: 'GET', path }));
  if (response?.status !== 200 || response.body.length === 0) return label;
  return { ...label, label: { format, data: Buffer.from(response.body).toString('base64') } };
}

const artifactIn = /^https:\/\/[\w.-]+(\/e?rs\/artifact\/[\w/]{1,200})$/;

/** GET during a look-up; undefined for 404. @throws LOOK_UP_UNANSWERED for another answer than 200 */
export async function lookUpDocument(
  call: CallContext,
  mediaType: string,
  path: string,
  root: string,
): Promise<Json | undefined> {
  const response = await reading(() => sendCanadaPost(call, mediaType, { method: 'GET', path }));
  if (response.status === 404) return undefined;
  const found = response.status === 200 ? answerOf(response, root) : undefined;
  if (found !== undefined) return found;
  throw lookUpUnanswered('Canada Post', response);
}

export const readShipment = (call: CallContext, id: string) =>
  lookUpDocument(call, mediaTypes.shipment, shipmentPath(call, id), 'shipment-info');

/** Get Shipments by our request id: links to the shipments that have it. */
export async function findShipment(call: CallContext): Promise<Json | undefined> {
  const path = `${shipmentsPath(call)}?requestId=${requestIdOf(call)}`;
  const found = await lookUpDocument(call, mediaTypes.shipment, path, 'shipments');
  for (const link of objects(found?.link, 20)) {
    const id = /\/shipment\/([\w-]{1,100})$/.exec(text(link['@href'], 2000) ?? '')?.[1];
    const info = id === undefined ? undefined : await readShipment(call, id);
    if (info !== undefined) return info;
  }
  return undefined;
}
