/** What the carriers know of a tracking number: generated from the number, or set through `PUT /_admin/trackers/{code}`. */
import { z } from 'zod';
import { hex, integer, pick, streamOf } from '../../core/random';
import type { World } from '../../core/world';

/** States as EasyPost names them (https://docs.easypost.com/docs/trackers); UPS and FedEx answers are worded from them. */
export const trackerStates = [
  'pre_transit',
  'in_transit',
  'out_for_delivery',
  'delivered',
  'return_to_sender',
  'failure',
  'cancelled',
  'unknown',
] as const;

export const trackerOverride = z.strictObject({
  status: z.enum(trackerStates),
  statusDetail: z.string().optional(),
  message: z.string().optional(),
  carrier: z.string().optional(),
  estimatedDeliveryAt: z.iso.datetime({ offset: true }).nullable().optional(),
  at: z.iso.datetime({ offset: true }).optional(),
});
export type TrackerOverride = z.infer<typeof trackerOverride>;

export interface Tracker {
  id: string;
  object: 'Tracker';
  mode: 'test';
  tracking_code: string;
  status: (typeof trackerStates)[number];
  status_detail: string;
  created_at: string;
  updated_at: string;
  signed_by: string | null;
  est_delivery_date: string | null;
  shipment_id: string | null;
  carrier: string;
  tracking_details: Record<string, unknown>[];
}

const dayMs = 86_400_000;
const defaultDetails: Record<Tracker['status'], string> = {
  pre_transit: 'label_created',
  in_transit: 'in_transit',
  out_for_delivery: 'out_for_delivery',
  delivered: 'arrived_at_destination',
  return_to_sender: 'return',
  failure: 'failure',
  cancelled: 'cancelled',
  unknown: 'unknown',
};

export class Trackers {
  private readonly world: World;
  private readonly known = new Map<string, Tracker>();

  constructor(world: World) {
    this.world = world;
  }

  /** The tracker of any code; one that nobody mentioned before is on its way. */
  easypost(code: string): Tracker {
    const known = this.known.get(code);
    if (known) return known;
    const random = streamOf(this.world.seed, 'tracker', code);
    const shipped = this.world.today - integer(random, 1, 3) * dayMs;
    const status = pick<Tracker['status']>(random, ['in_transit', 'in_transit', 'out_for_delivery']);
    const carrier = code.startsWith('1Z') ? 'UPS' : /^\d{12}$/.test(code) ? 'FedEx' : 'USPS';
    const tracker: Tracker = {
      ...this.fresh(code, carrier, null, shipped),
      status,
      status_detail: defaultDetails[status],
      est_delivery_date: new Date(
        this.world.today + integer(random, 0, 2) * dayMs + 20 * 3_600_000,
      ).toISOString(),
      tracking_details: [detail('pre_transit', 'label_created', 'Shipping label created', shipped, carrier)],
    };
    tracker.tracking_details.push(
      detail(status, defaultDetails[status], 'On the way', this.world.today, carrier),
    );
    this.keep(tracker);
    return tracker;
  }

  fresh(code: string, carrier: string, shipmentId: string | null, now: number): Tracker {
    const at = new Date(now).toISOString();
    return {
      id: `trk_${hex(streamOf(this.world.seed, 'tracker-id', code), 32)}`,
      object: 'Tracker',
      mode: 'test',
      tracking_code: code,
      status: 'pre_transit',
      status_detail: 'label_created',
      created_at: at,
      updated_at: at,
      signed_by: null,
      est_delivery_date: null,
      shipment_id: shipmentId,
      carrier,
      tracking_details: [],
    };
  }

  keep(tracker: Tracker): void {
    this.known.set(tracker.tracking_code, tracker);
  }

  /** By EasyPost id, or by tracking code. */
  byId(id: string): Tracker | undefined {
    if (!id.startsWith('trk_')) return this.easypost(id);
    return [...this.known.values()].find((tracker) => tracker.id === id);
  }

  override(code: string, override: TrackerOverride, now: number): Tracker {
    const before = this.easypost(code);
    const at = override.at ? Date.parse(override.at) : now;
    const status_detail = override.statusDetail ?? defaultDetails[override.status];
    const carrier = override.carrier ?? before.carrier;
    const after: Tracker = {
      ...before,
      carrier,
      status: override.status,
      status_detail,
      updated_at: new Date(at).toISOString(),
      est_delivery_date:
        override.estimatedDeliveryAt === undefined ? before.est_delivery_date : override.estimatedDeliveryAt,
      tracking_details: [
        ...before.tracking_details,
        detail(override.status, status_detail, override.message ?? '', at, carrier),
      ],
    };
    this.keep(after);
    return after;
  }
}

function detail(
  status: string,
  statusDetail: string,
  message: string,
  at: number,
  source: string,
): Record<string, unknown> {
  return {
    object: 'TrackingDetail',
    message,
    status,
    status_detail: statusDetail,
    datetime: new Date(at).toISOString(),
    source,
    tracking_location: {
      object: 'TrackingLocation',
      city: 'CHARLOTTE',
      state: 'NC',
      country: 'US',
      zip: '28208',
    },
  };
}
