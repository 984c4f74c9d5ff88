/** The order in which deliveries are made: many shipments at once, each one's deliveries in their own order. */
import { integer, type Random, streamOf } from '../core/random';
import { type Mix, type Partner, type ScenarioName, scenarioNames, scenarios } from './scenarios';
import { type ShipmentOptions, shipmentOf } from './shipment';

export interface Delivery {
  partner: Partner;
  scenario: ScenarioName;
  /** Deliveries of one shipment go out one after the other. */
  shipment: number;
  orderNumber: string;
  /** Position within the shipment's scenario, from 0. */
  position: number;
  body: string;
}

export interface PlanOptions extends ShipmentOptions {
  mix: Mix;
  /** Shipments under way at the same time; default 50. */
  width?: number;
}

/** Endless and lazy: take as many as needed. The same options give the same deliveries in the same order. */
export function* plan(options: PlanOptions): Generator<Delivery, never> {
  const { seed, startAt, mix, width = 50 } = options;
  const random = streamOf(seed, 'plan', String(startAt));
  const underWay: Delivery[][] = [];
  let next = 0;
  for (;;) {
    while (underWay.length < width) {
      underWay.push(deliveriesOf(options, next, choose(mix, random)));
      next += 1;
    }
    const position = integer(random, 0, underWay.length - 1);
    const delivery = underWay[position]?.shift();
    if (underWay[position]?.length === 0) underWay.splice(position, 1);
    if (delivery) yield delivery;
  }
}

function deliveriesOf(options: PlanOptions, index: number, scenario: ScenarioName): Delivery[] {
  const shipment = shipmentOf(options, index);
  const { partner, payloads } = scenarios[scenario];
  const { orderNumber } = shipment.order;
  return payloads(shipment).map((payload, position) => ({
    partner,
    scenario,
    shipment: index,
    orderNumber,
    position,
    body: JSON.stringify(payload),
  }));
}

function choose(mix: Mix, random: Random): ScenarioName {
  const weighed = scenarioNames.map((name) => [name, mix[name] ?? 0] as const);
  let left = random() * weighed.reduce((sum, [, weight]) => sum + weight, 0);
  for (const [name, weight] of weighed) {
    if (left < weight) return name;
    left -= weight;
  }
  return scenarioNames[0];
}
