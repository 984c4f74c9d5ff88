import { z } from 'zod';
import { quantity } from '../../../model/fact';
import { postalAddress } from '../../kit/address';
import { operation } from '../../kit/connector';
import type { Delivered } from '../../kit/edi/deliver';
import { type Document, sendDocument } from '../outgoing';
import { addressSegments, delivered, x12Date } from './segments';

const scac = z
  .string()
  .regex(/^[A-Z]{2,4}$/)
  .describe('Standard Carrier Alpha Code');
const shipmentId = z
  .string()
  .min(1)
  .max(30)
  .describe('Our number of the shipment; the carrier answers with it');

const tender = z.object({
  scac,
  shipmentId,
  payment: z.enum(['PP', 'CC', 'TP']).default('PP').describe('Prepaid, collect or third party'),
  orderNumbers: z.array(z.string().min(1).max(30)).max(50).default([]),
  from: postalAddress,
  to: postalAddress,
  pickUpOn: z.iso.date().optional(),
  deliverOn: z.iso.date().optional(),
  weight: quantity.optional().describe('Gross weight'),
});
type Tender = z.infer<typeof tender>;

/** B2A01: 00 is a new tender, 01 cancels one. */
function tenderDocument(
  load: Pick<Tender, 'scac' | 'shipmentId'> & Partial<Tender>,
  purpose: '00' | '01',
): Document {
  const { from, to, weight } = load;
  return {
    type: '204',
    functionalId: 'SM',
    body: [
      ['B2', '', load.scac, '', load.shipmentId, '', load.payment ?? 'PP'],
      ['B2A', purpose],
      ...(load.orderNumbers ?? []).map((number) => ['L11', number, 'PO']),
      ...(from === undefined ? [] : stop('1', 'LD', '10', load.pickUpOn, addressSegments('SF', from))),
      ...(to === undefined ? [] : stop('2', 'UL', '02', load.deliverOn, addressSegments('ST', to))),
      ...(weight === undefined ? [] : [weightSegment(weight)]),
    ],
  };
}

/** L3: 01 weight, 02 gross, 12 its unit, which knows pounds and kilograms only. */
function weightSegment({ value, uom }: { value: string; uom: string }): string[] {
  const unit = uom === 'LBR' ? 'L' : uom === 'KGM' ? 'K' : '';
  return ['L3', value, 'G', ...Array.from({ length: 9 }, () => ''), unit];
}

function stop(
  number: string,
  reason: string,
  qualifier: string,
  day: string | undefined,
  party: string[][],
): string[][] {
  return [['S5', number, reason], ...(day === undefined ? [] : [['G62', qualifier, x12Date(day)]]), ...party];
}

/** X12 004010 set 204, functional group SM: https://www.stedi.com/edi/x12-004010/204. The answer is a 990. */
export const tenderLoad = operation<Tender, Delivered>({
  id: 'tenderLoad',
  title: 'Tender a load (204)',
  description: 'Offers a load to a carrier; whether it takes it is told later by a 990.',
  kind: 'edi',
  safety: 'keyed',
  costs: true,
  idempotencyHeader: 'idempotency-key',
  input: tender as z.ZodType<Tender>,
  output: delivered,
  target: (load) => `204/${load.scac}/${load.shipmentId}`,
  send: (load, call) => sendDocument(tenderDocument(load, '00'), call),
  undo: { operation: 'cancelTender', input: (load) => ({ scac: load.scac, shipmentId: load.shipmentId }) },
});

const cancellation = z.object({ scac, shipmentId });
type Cancellation = z.infer<typeof cancellation>;

export const cancelTender = operation<Cancellation, Delivered>({
  id: 'cancelTender',
  title: 'Cancel a tender (204)',
  description: 'Takes an offered load back.',
  kind: 'edi',
  safety: 'keyed',
  idempotencyHeader: 'idempotency-key',
  input: cancellation,
  output: delivered,
  target: (load) => `204/${load.scac}/${load.shipmentId}/cancel`,
  send: (load, call) => sendDocument(tenderDocument(load, '01'), call),
});

const answer = z.object({
  scac,
  shipmentId: shipmentId.describe("The shipper's number from the tender"),
  accept: z.boolean(),
  proNumber: z.string().max(30).optional().describe('Our number for the load'),
  remarks: z.string().max(60).optional(),
});
type Answer = z.infer<typeof answer>;

/** X12 004010 set 990, functional group GF; B104: A accepts, D declines. */
export const answerTender = operation<Answer, Delivered>({
  id: 'answerTender',
  title: 'Answer a tender (990)',
  description: 'Accepts or declines a load that was tendered to us.',
  kind: 'edi',
  safety: 'keyed',
  idempotencyHeader: 'idempotency-key',
  input: answer,
  output: delivered,
  target: (load) => `990/${load.scac}/${load.shipmentId}`,
  send({ scac: carrier, shipmentId: shipment, accept, proNumber, remarks }, call) {
    const day = new Date(call.now).toISOString().slice(0, 10);
    const body = [
      ['B1', carrier, shipment, x12Date(day), accept ? 'A' : 'D'],
      ...(proNumber === undefined ? [] : [['N9', 'CN', proNumber]]),
      ...(remarks === undefined ? [] : [['K1', remarks.slice(0, 30), remarks.slice(30)]]),
    ];
    return sendDocument({ type: '990', functionalId: 'GF', body }, call);
  },
});
