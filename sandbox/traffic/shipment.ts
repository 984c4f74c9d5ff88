/** One made-up shipment and the numbers under which every system knows it; the order is the one the stand-in systems have. */
import { catalogue, defaultSeed, generateOrder, type Order, withCheckDigit } from '../core/masterdata';
import { digits, hex, integer, type Random, streamOf } from '../core/random';

export interface Shipment {
  /** Position in the run, from 0. */
  index: number;
  order: Order;
  /** 12 digits. */
  fedexTracking: string;
  /** `1Z` and sixteen characters. */
  upsTracking: string;
  uspsTracking: string;
  /** Serial shipping container code with its check digit. */
  sscc: string;
  /** When its last event happens, epoch milliseconds. */
  at: number;
  random: Random;
  /** A number of its own for each thing that needs one: `id('event', 2)`. */
  id(what: string, position: number): string;
}

export interface ShipmentOptions {
  seed: number;
  /** Epoch milliseconds around which the run's events lie. */
  startAt: number;
  /** Seed of the sandbox whose orders are meant. */
  worldSeed?: number;
}

/** The same options and index give the same shipment, independent of every other one. */
export function shipmentOf(options: ShipmentOptions, index: number): Shipment {
  const { seed, startAt, worldSeed = defaultSeed } = options;
  const run = [String(startAt), String(index)];
  const random = streamOf(seed, 'shipment', ...run);
  // Nine digits, so that delivery numbers lead back to it; two runs meet in an order only by rare accident.
  const orderNumber = String(100_000_000 + ((streamBase(seed, startAt) + index) % 900_000_000));
  const today = Math.floor(startAt / 86_400_000) * 86_400_000;
  return {
    index,
    order: generateOrder(worldSeed, orderNumber, today),
    fedexTracking: `7946${digits(random, 8)}`,
    upsTracking: upsNumber(random),
    uspsTracking: `9400${digits(random, 18)}`,
    sscc: withCheckDigit(`09520000${digits(random, 9)}`),
    at: startAt + integer(random, 0, 59) * 1_000,
    random,
    id: (what, position) => hex(streamOf(seed, 'id', what, String(position), ...run), 32),
  };
}

function streamBase(seed: number, startAt: number): number {
  return Math.floor(streamOf(seed, 'orders', String(startAt))() * 900_000_000);
}

/** UPS check digit: letters count as (code - 63) mod 10, every second character twice (UPS tracking number guide). */
function upsNumber(random: Random): string {
  const body = `999AA1${'03'}${digits(random, 7)}`;
  const sum = [...body].reduce((total, character, position) => {
    const value = /\d/.test(character) ? Number(character) : (character.charCodeAt(0) - 63) % 10;
    return total + value * (position % 2 === 0 ? 1 : 2);
  }, 0);
  return `1Z${body}${(10 - (sum % 10)) % 10}`;
}

/** GTIN of an item; items from elsewhere have none and are named as they are. */
export function gtinOf(item: string): string | undefined {
  return catalogue.find((entry) => entry.item === item)?.gtin;
}

/** RFC 3339 in UTC, whole seconds. */
export function utc(epochMs: number): string {
  return `${new Date(epochMs).toISOString().slice(0, 19)}Z`;
}

/** Local time at a fixed offset from UTC, e.g. `2026-03-02T09:15:00-05:00`. */
export function local(epochMs: number, offsetHours: number): string {
  const shifted = new Date(epochMs + offsetHours * 3_600_000).toISOString().slice(0, 19);
  return `${shifted}${offsetHours < 0 ? '-' : '+'}${String(Math.abs(offsetHours)).padStart(2, '0')}:00`;
}
