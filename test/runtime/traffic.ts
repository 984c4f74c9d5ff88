/** Single shipments of the traffic generator, chosen so that the policy's answer is known beforehand. */
import assert from 'node:assert/strict';
import { sandboxSecrets } from '../../sandbox/environment';
import {
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

/** Posts the scenario's deliveries in order; each must be accepted. */
export async function send(scene: Scene, name: ScenarioName, shipment: Shipment): Promise<void> {
  const { partner, payloads } = scenarios[name];
  for (const payload of payloads(shipment)) {
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
}
