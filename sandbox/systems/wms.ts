/** Warehouse stand-in: docs/partner-rest.md, "Warehouse". Stock moves with reservations and releases. */
import { z } from 'zod';
import { type Call, type Outcome, refuse, type System, systemOf } from '../core/http';
import { decimalText, generateStock, locationOf } from '../core/masterdata';
import type { World } from '../core/world';
import { param, quantity, read } from './shapes';

const line = z.object({
  lineId: z.string(),
  item: z.string().min(1),
  quantity,
  location: z.string().optional(),
});
const reservationBody = z.object({
  reference: z.string().min(1),
  orderNumber: z.string().min(1),
  lines: z.array(line).min(1),
});
const releaseBody = z.object({
  reference: z.string().min(1),
  orderNumber: z.string().min(1),
  deliveryId: z.string().optional(),
  reservationId: z.string().optional(),
  lines: z.array(line.omit({ location: true })).min(1),
});
export const releaseStates = [
  'QUEUED',
  'RELEASED',
  'PICKING',
  'PICKED',
  'SHIPPED',
  'CANCELLED',
  'REFUSED',
] as const;

type Line = z.infer<typeof line>;
interface Place {
  onHand: number;
  reserved: number;
}
interface Reservation {
  id: string;
  reference: string;
  state: 'RESERVED' | 'CONSUMED' | 'RELEASED';
  lines: Line[];
  /** Where each line's goods were set aside. */
  taken: { place: Place; quantity: number }[];
}
interface Release {
  reference: string;
  state: (typeof releaseStates)[number];
  waveId: string;
}
type Shortage = {
  lineId: string;
  item: string;
  requested: z.infer<typeof quantity>;
  available: z.infer<typeof quantity>;
};

export class Wms {
  readonly system: System;
  private readonly world: World;
  private readonly stock = new Map<string, Map<string, Place>>();
  private readonly reservations = new Map<string, Reservation>();
  private readonly releases = new Map<string, Release>();

  constructor(world: World) {
    this.world = world;
    this.system = systemOf('wms', true, [
      {
        method: 'GET',
        pattern: '/stock/:item',
        operation: 'getStock',
        handle: (call) => this.getStock(call),
      },
      {
        method: 'POST',
        pattern: '/reservations',
        operation: 'reserve',
        keyed: true,
        handle: (call) => this.reserve(call),
      },
      {
        method: 'GET',
        pattern: '/reservations/:id',
        operation: 'getReservation',
        handle: (call) => this.getReservation(call),
      },
      {
        method: 'DELETE',
        pattern: '/reservations/:id',
        operation: 'unreserve',
        handle: (call) => this.unreserve(call),
      },
      {
        method: 'POST',
        pattern: '/releases',
        operation: 'release',
        keyed: true,
        handle: (call) => this.release(call),
      },
      {
        method: 'GET',
        pattern: '/releases/:reference',
        operation: 'getRelease',
        handle: (call) => this.getRelease(call),
      },
    ]);
  }

  /** For the admin interface: sets what lies where; reservations of the item are forgotten with the old stock. */
  setStock(item: string, onHand: Readonly<Record<string, string>>): unknown {
    const places = Object.entries(onHand).map(
      ([location, value]) => [location, { onHand: Number(value), reserved: 0 }] as const,
    );
    this.stock.set(this.world.itemOf(item), new Map(places));
    return this.stockOf(item, undefined);
  }

  /** For the admin interface: work on the floor goes on, or is refused. */
  setRelease(reference: string, state: Release['state']): unknown {
    const release = this.releases.get(reference) ?? refuse(404, 'RELEASE_UNKNOWN', `no release ${reference}`);
    release.state = state;
    return release;
  }

  private places(name: string): Map<string, Place> {
    const item = this.world.itemOf(name);
    if (!this.world.knows('items', item)) refuse(404, 'ITEM_UNKNOWN', `no item ${name}`);
    let places = this.stock.get(item);
    if (!places) {
      const generated = [...generateStock(this.world.seed, item)];
      places = new Map(generated.map(([location, onHand]) => [location, { onHand, reserved: 0 }]));
      this.stock.set(item, places);
    }
    return places;
  }

  private stockOf(item: string, only: string | null | undefined): unknown[] {
    return [...this.places(item)]
      .filter(([location]) => !only || location === locationOf(only))
      .map(([location, { onHand, reserved }]) => ({
        location,
        onHand: decimalText(onHand),
        available: decimalText(onHand - reserved),
        uom: 'EA',
      }));
  }

  private getStock(call: Call): Outcome {
    const item = param(call, 'item');
    const locations = this.stockOf(item, call.query.get('location'));
    return { status: 200, body: { item, asOf: new Date(call.now).toISOString(), locations } };
  }

  private reserve(call: Call): Outcome {
    const body = read(reservationBody, call);
    const { taken, shortages } = this.allocate(body.lines);
    if (shortages.length > 0)
      refuse(409, 'INSUFFICIENT_STOCK', 'all lines or none: nothing was reserved', { shortages });
    const { reference, lines } = body;
    const reservation: Reservation = {
      id: `RSV-${this.reservations.size + 1}`,
      reference,
      state: 'RESERVED',
      lines,
      taken,
    };
    return {
      status: 201,
      body: shown(reservation),
      work: {
        target: `orders/${body.orderNumber}`,
        reference,
        commit: () => {
          this.reservations.set(reservation.id, reservation);
          for (const { place, quantity } of taken) place.reserved += quantity;
        },
      },
    };
  }

  /** First place with enough for the whole line; lines of one request see what the lines before them took. */
  private allocate(lines: readonly Line[]): { taken: Reservation['taken']; shortages: Shortage[] } {
    const taken: Reservation['taken'] = [];
    const shortages: Shortage[] = [];
    const free = (place: Place) =>
      taken.reduce(
        (left, entry) => (entry.place === place ? left - entry.quantity : left),
        place.onHand - place.reserved,
      );
    for (const { lineId, item, quantity: requested, location } of lines) {
      const wanted = Number(requested.value);
      const candidates = [...this.places(item)]
        .filter(([name]) => !location || name === locationOf(location))
        .map(([, place]) => place);
      const place = candidates.find((candidate) => free(candidate) >= wanted);
      if (place) taken.push({ place, quantity: wanted });
      else {
        const most = Math.max(0, ...candidates.map(free));
        shortages.push({
          lineId,
          item,
          requested,
          available: { value: decimalText(most), uom: requested.uom },
        });
      }
    }
    return { taken, shortages };
  }

  private reservation(id: string): Reservation {
    return this.reservations.get(id) ?? refuse(404, 'RESERVATION_UNKNOWN', `no reservation ${id}`);
  }

  private getReservation(call: Call): Outcome {
    return { status: 200, body: shown(this.reservation(param(call, 'id'))) };
  }

  private unreserve(call: Call): Outcome {
    const reservation = this.reservation(param(call, 'id'));
    if (reservation.state === 'CONSUMED')
      refuse(409, 'RESERVATION_CONSUMED', 'the goods were released to the floor');
    const commit = () => {
      if (reservation.state === 'RESERVED')
        for (const { place, quantity } of reservation.taken) place.reserved -= quantity;
      reservation.state = 'RELEASED';
    };
    const target = `reservations/${reservation.id}`;
    return { status: 204, work: { target, unchanged: reservation.state === 'RELEASED', commit } };
  }

  private release(call: Call): Outcome {
    const body = read(releaseBody, call);
    if (!this.world.order(body.orderNumber)) refuse(404, 'ORDER_UNKNOWN', `no order ${body.orderNumber}`);
    const target = `releases/${body.reference}`;
    const existing = this.releases.get(body.reference);
    if (existing)
      return {
        status: 200,
        body: existing,
        work: { target, reference: body.reference, unchanged: true, commit: () => undefined },
      };
    const reservation = body.reservationId === undefined ? undefined : this.reservation(body.reservationId);
    if (reservation && reservation.state !== 'RESERVED')
      refuse(409, 'RELEASE_BLOCKED', `reservation ${reservation.id} is ${reservation.state}`);
    const release: Release = {
      reference: body.reference,
      state: 'RELEASED',
      waveId: `W-${this.releases.size + 1}`,
    };
    const commit = () => {
      this.releases.set(release.reference, release);
      if (reservation) consume(reservation);
    };
    return {
      status: 201,
      body: { ...release, state: 'QUEUED' },
      work: { target, reference: body.reference, commit },
    };
  }

  private getRelease(call: Call): Outcome {
    const reference = param(call, 'reference');
    return {
      status: 200,
      body: this.releases.get(reference) ?? refuse(404, 'RELEASE_UNKNOWN', `no release ${reference}`),
    };
  }
}

function consume(reservation: Reservation): void {
  reservation.state = 'CONSUMED';
  for (const { place, quantity } of reservation.taken) {
    place.reserved -= quantity;
    place.onHand -= quantity;
  }
}

function shown({ id, reference, state, lines }: Reservation): unknown {
  return { id, reference, state, lines };
}
