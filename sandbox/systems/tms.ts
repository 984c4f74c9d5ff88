/** Transport stand-in: docs/partner-rest.md, "Transport". Orders come with a booking made before our time: `BK-<orderNumber>`. */
import { randomUUID } from 'node:crypto';
import { type Call, type Callback, type Outcome, refuse, type System, systemOf } from '../core/http';
import { digits, integer, streamOf } from '../core/random';
import type { World } from '../core/world';
import { EtaBoard, param, read } from './shapes';
import {
  type Booking,
  type BookingEvent,
  type BookingState,
  bookingBody,
  type CarrierPolicy,
  cancelBody,
  rebookBody,
} from './tms-shapes';

const dayMs = 86_400_000;

export class Tms {
  readonly system: System;
  private readonly world: World;
  private readonly bookings = new Map<string, Booking>();
  private readonly pickedUp = new Set<string>();
  private readonly policies = new Map<string, CarrierPolicy>();
  private readonly etas = new EtaBoard('shipmentId');
  private made = 0;

  constructor(world: World) {
    this.world = world;
    world.onOrderChanged((orderNumber) => this.bookings.delete(`BK-${orderNumber}`));
    this.system = systemOf('tms', true, [
      {
        method: 'POST',
        pattern: '/bookings',
        operation: 'book',
        keyed: true,
        handle: (call) => this.book(call),
      },
      {
        method: 'GET',
        pattern: '/bookings',
        operation: 'findBookings',
        handle: (call) => this.findBookings(call),
      },
      {
        method: 'GET',
        pattern: '/bookings/:id',
        operation: 'getBooking',
        handle: (call) => ({ status: 200, body: this.booking(param(call, 'id')) }),
      },
      {
        method: 'POST',
        pattern: '/bookings/:id/cancel',
        operation: 'cancel',
        keyed: true,
        handle: (call) => this.cancel(call),
      },
      {
        method: 'POST',
        pattern: '/bookings/:id/rebook',
        operation: 'rebook',
        keyed: true,
        handle: (call) => this.rebook(call),
      },
      {
        method: 'PUT',
        pattern: '/shipments/:id/eta',
        operation: 'putEta',
        handle: (call) => this.etas.put(this.shipment(call), `shipments/${this.shipment(call)}/eta`, call),
      },
      {
        method: 'GET',
        pattern: '/shipments/:id/eta',
        operation: 'getEta',
        handle: (call) => this.etas.get(this.shipment(call)),
      },
    ]);
  }

  setPolicy(carrier: string, policy: CarrierPolicy): void {
    this.policies.set(carrier, policy);
  }

  /** The carrier or the driver says something: the booking follows, and the webhook is what comes back. */
  report(id: string, event: BookingEvent, now: number): Callback {
    const before = this.booking(id);
    const states: Partial<Record<BookingEvent['type'], BookingState>> = {
      'booking.requested': 'REQUESTED',
      'booking.confirmed': 'CONFIRMED',
      'booking.rejected': 'REJECTED',
      'booking.cancelled': 'CANCELLED',
    };
    if (event.type === 'pickup.completed' || event.type === 'shipment.delivered') this.pickedUp.add(id);
    const after: Booking = {
      ...before,
      state: states[event.type] ?? before.state,
      ...(event.etaAt ? { etaAt: event.etaAt } : {}),
      ...(event.type === 'booking.rejected'
        ? { rejection: event.reason ?? { code: 'NO_CAPACITY', message: '' } }
        : {}),
    };
    this.bookings.set(id, after);
    const { type, ...details } = event;
    return this.webhook(type, after, now, details);
  }

  private webhook(
    type: string,
    booking: Booking,
    now: number,
    details: Record<string, unknown> = {},
  ): Callback {
    const event = {
      id: `evt-${randomUUID()}`,
      type,
      occurredAt: new Date(now).toISOString(),
      data: { booking, ...details },
    };
    return { partner: 'tms', event };
  }

  private shipment(call: Call): string {
    const id = param(call, 'id');
    return this.world.knows('shipments', id) ? id : refuse(404, 'SHIPMENT_UNKNOWN', `no shipment ${id}`);
  }

  private booking(id: string): Booking {
    return (
      this.bookings.get(id) ??
      this.earlierBooking(id.replace(/^BK-/, '')) ??
      refuse(404, 'BOOKING_UNKNOWN', `no booking ${id}`)
    );
  }

  /** The booking that every order had when the world began; its reference is the order number. */
  private earlierBooking(orderNumber: string): Booking | undefined {
    const order = /^\d{1,10}$/.test(orderNumber) ? this.world.order(orderNumber) : undefined;
    if (!order || order.orderNumber !== orderNumber) return undefined;
    const id = `BK-${orderNumber}`;
    const known = this.bookings.get(id);
    if (known) return known;
    const { shipmentId, carrier } = order;
    const booking = this.newBooking(id, {
      reference: orderNumber,
      orderNumber,
      shipmentId,
      carrier,
      etaAt: order.promisedDeliveryAt,
    });
    this.bookings.set(id, booking);
    return booking;
  }

  private newBooking(
    id: string,
    given: Pick<Booking, 'reference' | 'orderNumber' | 'carrier'> & Partial<Booking>,
  ): Booking {
    const random = streamOf(this.world.seed, 'booking', id);
    const pickup = given.pickupAt ? Date.parse(given.pickupAt) : this.world.today + dayMs + 15 * 3_600_000;
    const order = this.world.order(given.orderNumber);
    return {
      shipmentId: order?.shipmentId ?? `SHP-${given.orderNumber}`,
      state: 'CONFIRMED',
      service: 'ground',
      trackingNumber: `${given.carrier.slice(0, 2).toUpperCase()}${digits(random, 12)}`,
      pickupAt: new Date(pickup).toISOString(),
      etaAt: new Date(pickup + integer(random, 1, 3) * dayMs).toISOString(),
      cost: { amountMinor: String(integer(random, 650, 4_200)), currency: order?.currency ?? 'EUR' },
      ...given,
      id,
    };
  }

  /** BookingState in which the carrier takes a booking; refuses as the carrier does. */
  private decide(carrier: string): BookingState {
    const policy = this.policies.get(carrier);
    if (policy?.decision === 'refuse') refuse(422, policy.code, policy.message);
    return policy?.decision === 'later' ? 'REQUESTED' : 'CONFIRMED';
  }

  private book(call: Call): Outcome {
    const body = read(bookingBody, call);
    if (!this.world.order(body.orderNumber)) refuse(404, 'ORDER_UNKNOWN', `no order ${body.orderNumber}`);
    if (body.to?.postalCode === '00000')
      refuse(422, 'ADDRESS_INVALID', 'no carrier delivers to postal code 00000');
    const state = this.decide(body.carrier);
    const given = Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
    const { reference, orderNumber, carrier } = body;
    const booking = this.newBooking(this.nextId(), { ...given, reference, orderNumber, carrier, state });
    return this.accepted(booking, `orders/${orderNumber}`, [], call.now);
  }

  private nextId(): string {
    return `BK-N${this.made + 1}`;
  }

  private accepted(booking: Booking, target: string, others: readonly Booking[], now: number): Outcome {
    const type = booking.state === 'CONFIRMED' ? 'booking.confirmed' : 'booking.requested';
    const commit = () => {
      this.made += 1;
      for (const changed of [booking, ...others]) this.bookings.set(changed.id, changed);
    };
    const callbacks = [
      this.webhook(type, booking, now),
      ...others.map((other) => this.cancelled(other, now)),
    ];
    const status = booking.state === 'REQUESTED' ? 202 : 201;
    return { status, body: booking, work: { target, reference: booking.reference, commit, callbacks } };
  }

  private cancelled(booking: Booking, now: number): Callback {
    return this.webhook('booking.cancelled', booking, now, {
      reason: { code: 'REQUESTED_BY_SHIPPER', message: '' },
    });
  }

  private findBookings(call: Call): Outcome {
    const reference = call.query.get('reference') ?? '';
    this.earlierBooking(reference);
    const items = [...this.bookings.values()].filter((booking) => booking.reference === reference).reverse();
    return { status: 200, body: { items } };
  }

  private cancellable(call: Call): Booking {
    const booking = this.booking(param(call, 'id'));
    if (this.pickedUp.has(booking.id)) refuse(409, 'NOT_CANCELLABLE', `booking ${booking.id} was picked up`);
    return booking;
  }

  private cancel(call: Call): Outcome {
    read(cancelBody, call);
    const before = this.cancellable(call);
    const unchanged = before.state === 'CANCELLED';
    const after: Booking = { ...before, state: 'CANCELLED' };
    const commit = () => this.bookings.set(after.id, after);
    const callbacks = unchanged ? [] : [this.cancelled(after, call.now)];
    return {
      status: 200,
      body: after,
      work: { target: `bookings/${after.id}`, unchanged, commit, callbacks },
    };
  }

  private rebook(call: Call): Outcome {
    const old = this.cancellable(call);
    const body = read(rebookBody, call);
    const state = this.decide(body.carrier);
    const given = {
      reference: body.reference,
      orderNumber: old.orderNumber,
      shipmentId: old.shipmentId,
      carrier: body.carrier,
      service: body.service ?? old.service,
      pickupAt: body.pickupAt ?? old.pickupAt,
      supersedes: old.id,
      state,
    };
    const booking = this.newBooking(this.nextId(), given);
    const replaced: Booking[] =
      state === 'CONFIRMED' ? [{ ...old, state: 'CANCELLED', supersededBy: booking.id }] : [];
    return this.accepted(booking, `bookings/${old.id}`, replaced, call.now);
  }
}
