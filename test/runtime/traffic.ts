/** Single shipments of the traffic generator, chosen so that the policy's answer is known beforehand. */
import assert from 'node:assert/strict';
import { catalogue, type OrderOverride } from '../../sandbox/core/masterdata';
import { sandboxSecrets } from '../../sandbox/environment';
import {
  type Partner,
  type ScenarioName,
  type Shipment,
  scenarios,
  shipmentOf,
  signatureHeaders,
} from '../../sandbox/traffic';
import type { Scene } from './scene';

const startAt = Math.floor(Date.now() / 1_000) * 1_000 - 120_000;

const worth = ({ order }: Shipment): number =>
  order.lines.reduce((sum, line) => sum + (Number(line.quantity) * line.unitPriceMinor) / 100, 0);

/** The first shipment of this seed whose order must ship whole and needs no approval: the table reallocates it when there is stock. */
export function shipWhole(seed: number): Shipment {
  for (let index = 0; index < 1_000; index += 1) {
    const shipment = shipmentOf({ seed, startAt }, index);
    if (shipment.order.shipComplete && worth(shipment) < 5_000) return shipment;
  }
  throw new Error(`no order of seed ${seed} must ship whole`);
}

/** The first shipment of this seed, whatever it is. */
export const anyShipment = (seed: number): Shipment => shipmentOf({ seed, startAt }, 0);

/** Every item of the order lies in every warehouse in plenty. */
export async function stockUp(scene: Scene, { order }: Shipment): Promise<void> {
  for (const { item } of order.lines)
    await scene.sandboxPut(`/_admin/stock/${item}`, { 'DC-HAM': '5000', 'DC-LYS': '5000', 'DC-CLT': '5000' });
}

/** A shipment whose order is as said, also in the sandbox: open, of one line of ten pieces worth 500, unless said otherwise. */
export async function ordered(scene: Scene, seed: number, override: OrderOverride = {}): Promise<Shipment> {
  const shipment = anyShipment(seed);
  const { orderNumber, lines } = shipment.order;
  const [line] = lines;
  assert.ok(line);
  const own: OrderOverride = {
    allowsPartial: true,
    shipComplete: false,
    slaTier: 'STANDARD',
    customerPriority: 3,
    noNotices: false,
    lines: [{ ...line, quantity: '10', unitPriceMinor: 5_000 }],
    ...override,
  };
  await scene.sandboxPut(`/_admin/orders/${orderNumber}`, own);
  return { ...shipment, order: { ...shipment.order, ...own } as Shipment['order'] };
}

/** Another line of the same order. */
export function secondLine({ lines }: Shipment['order']): Shipment['order']['lines'][number] {
  const other = catalogue.find(({ item }) => item !== lines[0]?.item);
  assert.ok(other);
  return { lineId: '20', item: other.item, quantity: '4', uom: 'EA', unitPriceMinor: 2_500 };
}

/** What lies elsewhere of the order's items, and nothing where it ships from. */
export async function stockElsewhere(scene: Scene, { order }: Shipment, free: string): Promise<string> {
  const elsewhere = order.location === 'DC-LYS' ? 'DC-CLT' : 'DC-LYS';
  for (const { item } of order.lines)
    await scene.sandboxPut(`/_admin/stock/${item}`, { [order.location]: '0', [elsewhere]: free });
  return elsewhere;
}

/** The warehouse reports the order's first line as picked short. */
export async function sendShortPick(scene: Scene, shipment: Shipment, picked: string): Promise<void> {
  const { order } = shipment;
  const short = { ...shipment, order: { ...order, lines: order.lines.slice(0, 1) } };
  const [payload] = scenarios['short-pick'].payloads(short) as EpcisDocument[];
  assert.ok(payload);
  for (const event of payload.epcisBody.eventList)
    for (const element of event.quantityList) element.quantity = Number(picked);
  await deliver(scene, 'wms', payload);
}
interface EpcisDocument extends Record<string, unknown> {
  epcisBody: { eventList: { quantityList: { quantity: number }[] }[] };
}

/** FedEx tells of a delay with a new estimate: in transit, or, with `event: 'DD'`, on the last mile. */
export async function sendDelay(
  scene: Scene,
  shipment: Shipment,
  { etaAt, event = 'DY' }: { etaAt: string; event?: 'DY' | 'DD' },
): Promise<void> {
  const payload = scenarios.late.payloads(shipment).at(-1) as unknown as FedexAnswer;
  for (const { trackResults } of payload.output.completeTrackResults)
    for (const result of trackResults) {
      const [scan] = result.scanEvents;
      if (scan && event === 'DD') Object.assign(scan, { eventType: 'DD', exceptionCode: '' });
      if (event === 'DD') Object.assign(result.latestStatusDetail, { code: 'DD', derivedCode: 'DD' });
      const estimate = result.dateAndTimes.find(({ type }) => type === 'ESTIMATED_DELIVERY');
      if (estimate) estimate.dateTime = etaAt;
    }
  await deliver(scene, 'fedex', payload);
}
interface FedexAnswer {
  output: {
    completeTrackResults: {
      trackResults: {
        latestStatusDetail: object;
        scanEvents: object[];
        dateAndTimes: { type: string; dateTime: string }[];
      }[];
    }[];
  };
}

/** Posts the scenario's deliveries in order; each must be accepted. */
export async function send(scene: Scene, name: ScenarioName, shipment: Shipment): Promise<void> {
  const { partner, payloads } = scenarios[name];
  for (const payload of payloads(shipment)) await deliver(scene, partner, payload);
}

/** Posts one signed delivery; it must be accepted. */
export async function deliver(scene: Scene, partner: Partner, payload: object): Promise<void> {
  const body = JSON.stringify(payload);
  const answer = await fetch(`${scene.url}/in/${partner}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...signatureHeaders(partner, sandboxSecrets[partner], body),
    },
    body,
  });
  assert.equal(answer.status, 202, await answer.text());
}
