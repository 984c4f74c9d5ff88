/**
 * Carrier stand-in: label purchase and trackers in EasyPost's shapes, plus the least of UPS Track
 * (https://github.com/UPS-API/api-documentation, Tracking.yaml) and FedEx Track v1 (https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html).
 * The vendors' paths do not meet, so all three live under `/carrier`.
 */
import { z } from 'zod';
import { type Call, type Outcome, Refusal, type Route, type System, systemOf } from '../../core/http';
import type { World } from '../../core/world';
import { param } from '../shapes';
import { EasyPost } from './easypost';
import { type Tracker, type TrackerOverride, Trackers } from './trackers';

const fedexBody = z.looseObject({
  trackingInfo: z
    .array(z.looseObject({ trackingNumberInfo: z.looseObject({ trackingNumber: z.string().min(1) }) }))
    .min(1)
    .max(30),
});

export class Carrier {
  readonly system: System;
  private readonly trackers: Trackers;

  constructor(world: World) {
    this.trackers = new Trackers(world);
    this.system = systemOf('carrier', false, [
      ...new EasyPost(world, this.trackers).routes(),
      ...this.trackRoutes(),
    ]);
  }

  setTracker(code: string, override: TrackerOverride, now: number): Tracker {
    return this.trackers.override(code, override, now);
  }

  private trackRoutes(): Route[] {
    const token = { access_token: 'sandbox-token', token_type: 'Bearer', expires_in: '3599', scope: '' };
    return [
      {
        method: 'POST',
        pattern: '/security/v1/oauth/token',
        operation: 'ups.token',
        handle: () => ({ status: 200, body: token }),
      },
      {
        method: 'POST',
        pattern: '/oauth/token',
        operation: 'fedex.token',
        handle: () => ({ status: 200, body: { ...token, expires_in: 3599 } }),
      },
      {
        method: 'GET',
        pattern: '/api/track/v1/details/:number',
        operation: 'ups.track',
        handle: (call) => this.ups(call),
      },
      {
        method: 'POST',
        pattern: '/track/v1/trackingnumbers',
        operation: 'fedex.track',
        handle: (call) => this.fedex(call),
      },
      {
        method: 'PUT',
        pattern: '/ship/v1/shipments/cancel',
        operation: 'fedex.cancel',
        handle: (call) => this.cancelFedex(call),
      },
    ];
  }

  private ups(call: Call): Outcome {
    requireBearer(call, {
      response: { errors: [{ code: '250002', message: 'Invalid Authentication Information.' }] },
    });
    const tracker = this.trackers.easypost(param(call, 'number'));
    const activity = [...tracker.tracking_details].reverse().map(upsActivity);
    const deliveryDate = tracker.est_delivery_date
      ? [{ type: 'SDD', date: compact(tracker.est_delivery_date).date }]
      : [];
    const packages = [{ trackingNumber: tracker.tracking_code, deliveryDate, activity }];
    return {
      status: 200,
      body: { trackResponse: { shipment: [{ inquiryNumber: tracker.tracking_code, package: packages }] } },
    };
  }

  /** Ship v1, cancel shipment (https://developer.fedex.com/api/en-us/catalog/ship/v1/docs.html): a refusal stands in a 200. */
  private cancelFedex(call: Call): Outcome {
    const transactionId = call.headers['x-customer-transaction-id'] ?? 'sandbox';
    requireBearer(call, unauthorized(transactionId));
    const body = cancelBody.safeParse(call.body);
    if (!body.success) {
      const errors = [
        { code: 'SANDBOX.INVALID', message: 'accountNumber.value and trackingNumber are needed' },
      ];
      throw new Refusal({ status: 400, body: { transactionId, errors } });
    }
    const { trackingNumber } = body.data;
    const { status } = this.trackers.easypost(trackingNumber);
    const gone = status === 'delivered' || status === 'out_for_delivery';
    const answer = gone
      ? {
          cancelledShipment: false,
          cancelledHistory: false,
          message: 'Shipment cannot be cancelled after pickup.',
        }
      : { cancelledShipment: true, cancelledHistory: true, successMessage: 'Success' };
    const outcome: Outcome = { status: 200, body: { transactionId, output: answer } };
    if (gone) return outcome;
    const commit = () => this.trackers.override(trackingNumber, { status: 'cancelled' }, call.now);
    return {
      ...outcome,
      work: { target: `shipments/${trackingNumber}`, unchanged: status === 'cancelled', commit },
    };
  }

  private fedex(call: Call): Outcome {
    const transactionId = call.headers['x-customer-transaction-id'] ?? 'sandbox';
    requireBearer(call, unauthorized(transactionId));
    const body = fedexBody.safeParse(call.body);
    if (!body.success)
      throw new Refusal({
        status: 400,
        body: {
          transactionId,
          errors: [{ code: 'TRACKING.TRACKINGNUMBER.EMPTY', message: 'Please provide tracking number.' }],
        },
      });
    const completeTrackResults = body.data.trackingInfo.map(({ trackingNumberInfo: { trackingNumber } }) => ({
      trackingNumber,
      trackResults: [fedexResult(this.trackers.easypost(trackingNumber))],
    }));
    return { status: 200, body: { transactionId, output: { completeTrackResults } } };
  }
}

const cancelBody = z.looseObject({
  accountNumber: z.looseObject({ value: z.string().min(1) }),
  trackingNumber: z.string().min(1),
});

function unauthorized(transactionId: string): unknown {
  return { transactionId, errors: [{ code: 'NOT.AUTHORIZED.ERROR', message: 'Access token expired.' }] };
}

function requireBearer(call: Call, body: unknown): void {
  if (!/^Bearer \S/i.test(call.headers.authorization ?? '')) throw new Refusal({ status: 401, body });
}

/** UTC as `YYYYMMDD` and `HHMMSS`. */
function compact(instant: string): { date: string; time: string } {
  const [date = '', time = ''] = new Date(instant).toISOString().split(/[T.]/);
  return { date: date.replaceAll('-', ''), time: time.replaceAll(':', '') };
}

const upsStatus: Record<string, { type: string; code: string; description: string }> = {
  pre_transit: {
    type: 'M',
    code: 'MP',
    description: 'Shipper created a label, UPS has not received the package yet.',
  },
  in_transit: { type: 'I', code: 'DP', description: 'Departed from Facility' },
  out_for_delivery: { type: 'I', code: 'OT', description: 'Out for Delivery' },
  delivered: { type: 'D', code: 'FS', description: 'Delivered' },
};

function upsActivity(detail: Record<string, unknown>): unknown {
  const { date, time } = compact(String(detail.datetime));
  // Type X, exception, for what has no UPS code in the vendor's public samples: the text says what it is.
  const status = upsStatus[String(detail.status)] ?? {
    type: 'X',
    code: '',
    description: String(detail.message),
  };
  const location = { address: { city: 'Charlotte', stateProvince: 'NC', country: 'US', countryCode: 'US' } };
  return { location, status, date, time, gmtDate: date, gmtTime: time, gmtOffset: '+00:00' };
}

const fedexCodes: Record<string, { code: string; text: string }> = {
  pre_transit: { code: 'OC', text: 'Shipment information sent to FedEx' },
  in_transit: { code: 'IT', text: 'In transit' },
  out_for_delivery: { code: 'OD', text: 'On FedEx vehicle for delivery' },
  delivered: { code: 'DL', text: 'Delivered' },
  cancelled: { code: 'CA', text: 'Shipment cancelled by sender' },
  return_to_sender: { code: 'RS', text: 'Returning package to shipper' },
};
const fedexException = { code: 'DE', text: 'Delivery exception' };

function fedexResult(tracker: Tracker): unknown {
  const latest = fedexCodes[tracker.status] ?? fedexException;
  const scanEvents = [...tracker.tracking_details].reverse().map((detail) => {
    const { code, text } = fedexCodes[String(detail.status)] ?? fedexException;
    const scanLocation = {
      city: 'CHARLOTTE',
      stateOrProvinceCode: 'NC',
      postalCode: '28208',
      countryCode: 'US',
    };
    return {
      date: detail.datetime,
      eventType: code,
      eventDescription: text,
      derivedStatusCode: code,
      derivedStatus: text,
      scanLocation,
    };
  });
  const dateAndTimes = tracker.est_delivery_date
    ? [{ type: 'ESTIMATED_DELIVERY', dateTime: tracker.est_delivery_date }]
    : [];
  return {
    trackingNumberInfo: {
      trackingNumber: tracker.tracking_code,
      carrierCode: 'FDXG',
      trackingNumberUniqueId: '',
    },
    latestStatusDetail: {
      code: latest.code,
      derivedCode: latest.code,
      statusByLocale: latest.text,
      description: latest.text,
    },
    dateAndTimes,
    scanEvents,
  };
}
