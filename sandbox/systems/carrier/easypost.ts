/**
 * Shapes of EasyPost's API v2 (https://docs.easypost.com/docs/shipments, /addresses, /trackers). Like the real one it has no idempotency
 * key: a second purchase is refused with SHIPMENT.POSTAGE.EXISTS, and `reference` finds what an unanswered call left behind.
 */
import { type Call, type Outcome, Refusal, type Route } from '../../core/http';
import { digits, hex, integer, streamOf } from '../../core/random';
import type { World } from '../../core/world';
import { param } from '../shapes';
import {
  addressBody,
  buyBody,
  createBody,
  given,
  isDeliverable,
  maxWeightOz,
  type Rate,
  read,
  refuse,
  type Shipment,
  verification,
  verifyFailure,
} from './easypost-shapes';
import type { Trackers } from './trackers';

export class EasyPost {
  private readonly world: World;
  private readonly trackers: Trackers;
  private readonly shipments = new Map<string, Shipment>();
  private readonly addresses = new Map<string, unknown>();

  constructor(world: World, trackers: Trackers) {
    this.world = world;
    this.trackers = trackers;
  }

  routes(): Route[] {
    const route = (
      method: string,
      pattern: string,
      operation: string,
      handle: (call: Call) => Outcome,
    ): Route => ({
      method,
      pattern: `/v2${pattern}`,
      operation: `easypost.${operation}`,
      handle: (call) => {
        if (!/^(Basic|Bearer) \S/i.test(call.headers.authorization ?? ''))
          refuse(401, 'APIKEY.REQUIRED', 'An API key is required.');
        return handle(call);
      },
    });
    return [
      route('POST', '/addresses', 'createAddress', (call) => this.createAddress(call, false)),
      route('POST', '/addresses/create_and_verify', 'createAddress', (call) =>
        this.createAddress(call, true),
      ),
      route('POST', '/shipments', 'createShipment', (call) => this.createShipment(call)),
      route('GET', '/shipments/:id', 'getShipment', (call) => ({ status: 200, body: this.shipment(call) })),
      route('POST', '/shipments/:id/buy', 'buy', (call) => this.buy(call)),
      route('POST', '/shipments/:id/refund', 'refund', (call) => this.refund(call)),
      route('GET', '/trackers', 'findTrackers', (call) => {
        const code = call.query.get('tracking_code');
        return {
          status: 200,
          body: { trackers: code ? [this.trackers.easypost(code)] : [], has_more: false },
        };
      }),
      route('GET', '/trackers/:id', 'getTracker', (call) => ({
        status: 200,
        body:
          this.trackers.byId(param(call, 'id')) ??
          refuse(404, 'NOT_FOUND', 'The requested resource could not be found.'),
      })),
    ];
  }

  private createAddress(call: Call, strictPath: boolean): Outcome {
    const body = read(addressBody, call);
    const strict = strictPath || given(body.verify_strict) || given(body.address.verify_strict);
    const deliverable = isDeliverable(body.address);
    if (strict && !deliverable) throw new Refusal(verifyFailure);
    const { verify: _verify, verify_strict: _strict, ...fields } = body.address;
    const id = `adr_${hex(streamOf(this.world.seed, 'address', String(this.addresses.size)), 32)}`;
    const asked = strict || given(body.verify) || given(body.address.verify);
    const address = {
      id,
      object: 'Address',
      mode: 'test',
      ...fields,
      verifications: asked ? { delivery: verification(deliverable) } : {},
    };
    const shown = strictPath ? { address } : address;
    return {
      status: strictPath ? 200 : 201,
      body: shown,
      work: { target: 'addresses', commit: () => this.addresses.set(id, address) },
    };
  }

  private createShipment(call: Call): Outcome {
    const input = read(createBody, call).shipment;
    const id = `shp_${hex(streamOf(this.world.seed, 'shipment', String(this.shipments.size)), 32)}`;
    const tooHeavy = input.parcel.weight > maxWeightOz;
    const reason = tooHeavy
      ? 'Package weight exceeds the carrier limit of 70 lb.'
      : 'Invalid destination address.';
    const rates = tooHeavy || !isDeliverable(input.to_address) ? [] : this.rates(id);
    const messages =
      rates.length > 0
        ? []
        : ['USPS', 'UPS'].map((carrier) => ({ type: 'rate_error', carrier, message: reason }));
    const { service, ...fields } = input;
    const unbought: Shipment = {
      ...fields,
      id,
      object: 'Shipment',
      mode: 'test',
      created_at: new Date(call.now).toISOString(),
      reference: input.reference ?? null,
      tracking_code: null,
      status: 'unknown',
      refund_status: null,
      messages,
      rates,
      selected_rate: null,
      postage_label: null,
      tracker: null,
    };
    // One-call buy: a shipment created with a service is bought at once (https://docs.easypost.com/docs/shipments).
    const rate = service ? rates.find((candidate) => candidate.service === service) : undefined;
    if (service && !rate)
      refuse(422, 'SHIPMENT.POSTAGE.FAILURE', messages[0]?.message ?? `no rate for service ${service}`);
    const shipment = rate ? this.bought(unbought, rate, call.now) : unbought;
    const commit = () => this.keep(shipment);
    const target = `shipments/${shipment.reference ?? id}`;
    return {
      status: 201,
      body: shipment,
      work: { target, reference: shipment.reference ?? undefined, commit },
    };
  }

  private rates(shipmentId: string): Rate[] {
    const random = streamOf(this.world.seed, 'rates', shipmentId);
    const rate = (carrier: string, service: string, days: number): Rate => ({
      id: `rate_${hex(random, 32)}`,
      object: 'Rate',
      service,
      carrier,
      rate: (integer(random, 550, 1_200) / 100 + (6 - days) * 4).toFixed(2),
      currency: 'USD',
      delivery_days: days,
      shipment_id: shipmentId,
    });
    return [
      rate('USPS', 'GroundAdvantage', 5),
      rate('USPS', 'Priority', 2),
      rate('UPS', 'Ground', 4),
      rate('UPS', 'NextDayAir', 1),
    ];
  }

  private buy(call: Call): Outcome {
    const shipment = this.shipment(call);
    const { rate } = read(buyBody, call);
    if (shipment.postage_label)
      refuse(
        422,
        'SHIPMENT.POSTAGE.EXISTS',
        'Postage already exists for this shipment. Can only be purchased once.',
      );
    const chosen =
      shipment.rates.find((candidate) => candidate.id === rate.id) ??
      refuse(404, 'NOT_FOUND', 'The requested resource could not be found.');
    const bought = this.bought(shipment, chosen, call.now);
    const target = `shipments/${shipment.reference ?? shipment.id}`;
    return {
      status: 200,
      body: bought,
      work: { target, reference: shipment.reference ?? shipment.id, commit: () => this.keep(bought) },
    };
  }

  private bought(shipment: Shipment, rate: Rate, now: number): Shipment {
    const random = streamOf(this.world.seed, 'label', shipment.id);
    const tracking = rate.carrier === 'UPS' ? `1Z${digits(random, 16)}` : `9400${digits(random, 18)}`;
    const label = {
      id: `pl_${hex(random, 32)}`,
      object: 'PostageLabel',
      label_size: '4x6',
      label_date: new Date(now).toISOString(),
    };
    return {
      ...shipment,
      tracking_code: tracking,
      selected_rate: rate,
      postage_label: {
        ...label,
        label_file_type: 'image/png',
        label_url: `https://labels.example/${shipment.id}.png`,
      },
      tracker: this.trackers.fresh(tracking, rate.carrier, shipment.id, now),
    };
  }

  private refund(call: Call): Outcome {
    const shipment = this.shipment(call);
    if (!shipment.postage_label)
      refuse(422, 'SHIPMENT.POSTAGE.REQUIRED', 'Postage is required for this operation.');
    const unchanged = shipment.refund_status !== null;
    const refunded = unchanged ? shipment : { ...shipment, refund_status: 'submitted' };
    const target = `shipments/${shipment.reference ?? shipment.id}`;
    return {
      status: 200,
      body: refunded,
      work: { target, reference: shipment.id, unchanged, commit: () => this.keep(refunded) },
    };
  }

  private keep(shipment: Shipment): void {
    this.shipments.set(shipment.id, shipment);
    if (shipment.tracker) this.trackers.keep(shipment.tracker);
  }

  /** By id, or by the caller's reference; of several under one reference the newest. */
  private shipment(call: Call): Shipment {
    const name = param(call, 'id');
    const found =
      this.shipments.get(name) ??
      [...this.shipments.values()].reverse().find((shipment) => shipment.reference === name);
    return found ?? refuse(404, 'NOT_FOUND', 'The requested resource could not be found.');
  }
}
