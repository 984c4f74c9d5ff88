/** What can happen to a shipment: each scenario is the ordered list of deliveries one partner makes about it. */
import { FatalError } from '../../lib/model/errors';
import { trackedDelay, trackedDelivery } from './payloads/easypost';
import { normalPick, shortPick } from './payloads/epcis';
import { lateDelivery, onTimeDelivery } from './payloads/fedex';
import { bookingConfirmed, bookingRejected, pickupMissed } from './payloads/tms';
import { deliveredAlert, exceptionAlert } from './payloads/ups';
import type { Shipment } from './shipment';

export const partners = ['easypost', 'fedex', 'ups', 'wms', 'tms'] as const;
export type Partner = (typeof partners)[number];

export interface Scenario {
  partner: Partner;
  /** One line for help texts. */
  description: string;
  payloads(shipment: Shipment): Record<string, unknown>[];
}

export const scenarios = {
  'short-pick': { partner: 'wms', description: 'EPCIS: a line is picked short', payloads: shortPick },
  pick: { partner: 'wms', description: 'EPCIS: picked, packed, shipped', payloads: normalPick },
  late: {
    partner: 'fedex',
    description: 'FedEx Track: picked up, departed, delayed',
    payloads: lateDelivery,
  },
  'on-time': {
    partner: 'fedex',
    description: 'FedEx Track: picked up, out for delivery, delivered',
    payloads: onTimeDelivery,
  },
  'ups-exception': {
    partner: 'ups',
    description: 'UPS Track Alert: on the way, then a weather exception',
    payloads: exceptionAlert,
  },
  'ups-delivered': {
    partner: 'ups',
    description: 'UPS Track Alert: label to door',
    payloads: deliveredAlert,
  },
  'tracker-late': {
    partner: 'easypost',
    description: 'EasyPost tracker: delayed by weather',
    payloads: trackedDelay,
  },
  tracker: { partner: 'easypost', description: 'EasyPost tracker: label to door', payloads: trackedDelivery },
  'booking-rejected': {
    partner: 'tms',
    description: 'TMS: the carrier rejects a booking',
    payloads: bookingRejected,
  },
  'pickup-missed': { partner: 'tms', description: 'TMS: the carrier does not come', payloads: pickupMissed },
  booking: { partner: 'tms', description: 'TMS: requested, confirmed', payloads: bookingConfirmed },
} as const satisfies Record<string, Scenario>;

export type ScenarioName = keyof typeof scenarios;
export const scenarioNames = Object.keys(scenarios) as [ScenarioName, ...ScenarioName[]];

/** Relative weights; what is not named does not occur. */
export type Mix = Partial<Record<ScenarioName, number>>;

/** Mostly normal days, some of everything that goes wrong. */
export const defaultMix: Mix = {
  pick: 6,
  'short-pick': 2,
  'on-time': 4,
  late: 2,
  'ups-delivered': 2,
  'ups-exception': 1,
  tracker: 2,
  'tracker-late': 1,
  booking: 2,
  'booking-rejected': 1,
};

/**
 * Reads `short-pick=3,late=1`; a name alone weighs 1.
 * @throws FatalError naming what is wrong with it
 */
export function parseMix(text: string): Mix {
  const mix: Mix = {};
  for (const part of text.split(',').filter((piece) => piece.trim() !== '')) {
    const [name = '', weight = '1'] = part.split('=').map((piece) => piece.trim());
    if (!(name in scenarios))
      throw new FatalError('MIX_SCENARIO', `there is no scenario ${name}`, {
        hint: `Known ones: ${scenarioNames.join(', ')}.`,
      });
    if (!/^\d+(\.\d+)?$/.test(weight))
      throw new FatalError('MIX_WEIGHT', `the weight of ${name} is no number: ${weight}`, {
        hint: 'Write it as short-pick=3,late=1.',
      });
    mix[name as ScenarioName] = Number(weight);
  }
  if (!Object.values(mix).some((weight) => weight > 0))
    throw new FatalError('MIX_EMPTY', 'nothing in the mix has a weight above 0', {
      hint: 'Write it as short-pick=3,late=1.',
    });
  return mix;
}
