/** Track API answers and Track Alert messages to facts: one per activity, each by its own code. */
import type { FactDraft } from '../../model/fact';
import type { NormalizeContext, NormalizeReport, NormalizeResult } from '../kit/connector';
import { notAFact, reject } from '../kit/json';
import { checkedBy } from '../kit/payload';
import { placeOf } from '../kit/place';
import { referenceIdentifiers } from '../kit/reference';
import { idText, type Json, list, object, text } from '../kit/text';
import { compactTime, type EventTime } from '../kit/time';
import {
  activityFact,
  isOurs,
  type Package,
  packageOf,
  rescheduledFact,
  timeOfDraft,
  type UpsActivity,
} from './events';
import {
  type Activity,
  activity,
  type TrackAlert,
  type TrackedPackage,
  trackAlert,
  trackedPackage,
  trackedShipment,
} from './schema';

const checkedTrackAlert = checkedBy(trackAlert);
const checkedTrackedShipment = checkedBy(trackedShipment);
const checkedTrackedPackage = checkedBy(trackedPackage);
const checkedActivity = checkedBy(activity);

/** A Track Alert message: one activity. */
export function normalizeAlert(body: Json, context: NormalizeContext): NormalizeResult {
  const parsed = checkedTrackAlert(body);
  if (!parsed.success) return { facts: [], reports: [reject('TRACK_ALERT_INVALID', issueOf(parsed.error))] };
  const parcel = packageOf(parsed.data.trackingNumber, {}, context);
  const fact = activityFact(ofAlert(parsed.data), parcel);
  return typeof fact === 'string'
    ? { facts: [], reports: [reject('ACTIVITY_INVALID', fact)] }
    : { facts: [fact], reports: [] };
}

function ofAlert(alert: TrackAlert): UpsActivity {
  const { activityStatus: status, activityLocation: address } = alert;
  return {
    type: text(status.type, 100),
    code: text(status.code, 100),
    packageStatus: text(status.descriptionCode, 100),
    description: text(status.description, 2000),
    place: ofAddress(address),
    date: alert.localActivityDate,
    time: alert.localActivityTime,
    gmtDate: alert.gmtActivityDate,
    gmtTime: alert.gmtActivityTime,
  };
}

/** A Track API answer (`trackResponse.shipment[].package[]`). */
export function normalizeTrack(response: Json, context: NormalizeContext): NormalizeResult {
  const facts: FactDraft[] = [];
  const reports: NormalizeReport[] = [];
  const shipments = list(response.shipment);
  shipments.forEach((item, at) => {
    readShipment(item, `/trackResponse/shipment/${at}`, shipments.length > 1, context, facts, reports);
  });
  return { facts, reports };
}

function readShipment(
  item: unknown,
  at: string,
  several: boolean,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const parsed = checkedTrackedShipment(item);
  if (!parsed.success) {
    reports.push(reject('SHIPMENT_INVALID', issueOf(parsed.error), at));
    return;
  }
  for (const warning of parsed.data.warnings ?? [])
    reports.push(
      notAFact(text(warning.code, 100) ?? 'WARNING', text(warning.message, 500) ?? 'a warning', at),
    );
  // One number that answers with several shipments has been reused: the pickup day tells them apart.
  const shipDate = several ? compactTime(parsed.data.pickupDate, '')?.iso.slice(0, 10) : undefined;
  const packages = parsed.data.package ?? [];
  packages.forEach((raw, index) => {
    const path = `${at}/package/${index}`;
    const one = checkedTrackedPackage(raw);
    if (!one.success) reports.push(reject('PACKAGE_INVALID', issueOf(one.error), path));
    else
      readPackage(
        one.data,
        idText(one.data.trackingNumber) ?? idText(parsed.data.inquiryNumber),
        shipDate,
        path,
        context,
        facts,
        reports,
      );
  });
  if (packages.length === 0 && (parsed.data.warnings ?? []).length === 0)
    reports.push(notAFact('NO_PACKAGES', 'a shipment without packages', at));
}

function readPackage(
  item: TrackedPackage,
  number: string | undefined,
  shipDate: string | undefined,
  at: string,
  context: NormalizeContext,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  if (number === undefined) {
    reports.push(reject('TRACKING_NUMBER_MISSING', 'a package without a tracking number', at));
    return;
  }
  const references = (item.referenceNumber ?? [])
    .map((reference) => text(reference.number))
    .filter((reference) => !isOurs(reference));
  const parcel = packageOf(number, referenceIdentifiers(context.settings, references), context, shipDate);
  const raws = item.activity ?? [];
  let latest: EventTime | undefined;
  raws.forEach((raw, index) => {
    const fact = readActivity(raw, parcel);
    if (typeof fact === 'string') reports.push(reject('ACTIVITY_INVALID', fact, `${at}/activity/${index}`));
    else {
      const time = timeOfDraft(fact);
      if (latest === undefined || time.ms > latest.ms) latest = time;
      facts.push(fact);
    }
  });
  if (raws.length === 0) readCurrent(item, parcel, at, facts, reports);
  const rescheduled = isDelivered(item)
    ? undefined
    : rescheduledFact(dateOf(item, 'SDD'), dateOf(item, 'RDD'), latest, parcel);
  if (rescheduled !== undefined) facts.push(rescheduled);
}

/** `currentStatus` stands for itself only where no activities came with it; its `code` is the three-digit package status. */
function readCurrent(
  item: TrackedPackage,
  parcel: Package,
  at: string,
  facts: FactDraft[],
  reports: NormalizeReport[],
) {
  const status = item.currentStatus;
  const packageStatus = text(status?.statusCode, 100) ?? text(status?.code, 100);
  if (!status || packageStatus === undefined) {
    reports.push(notAFact('NO_ACTIVITY', `no activity for ${parcel.trackingNumber}`, at));
    return;
  }
  const date = packageStatus === '011' ? dateOf(item, 'DEL') : undefined;
  const description = text(status.description, 2000);
  const fact = activityFact(
    { type: undefined, code: undefined, packageStatus, description, place: undefined, date, time: undefined },
    parcel,
  );
  if (typeof fact === 'string') reports.push(reject('ACTIVITY_INVALID', fact, `${at}/currentStatus`));
  else facts.push(fact);
}

function readActivity(raw: unknown, parcel: Package): FactDraft | string {
  const parsed = checkedActivity(raw);
  return parsed.success ? activityFact(ofActivity(parsed.data), parcel) : issueOf(parsed.error);
}

function ofActivity({ status, location, ...times }: Activity): UpsActivity {
  return {
    type: text(status.type, 100),
    code: text(status.code, 100),
    packageStatus: text(status.statusCode, 100),
    description: text(status.description, 2000),
    place: ofAddress(location?.address),
    ...times,
    date: times.date,
    time: times.time,
  };
}

function ofAddress(address: TrackAlert['activityLocation']) {
  const { city, stateProvince, postalCode, countryCode, country } = address ?? {};
  return placeOf({ city, region: stateProvince, postalCode, country: text(countryCode) ?? country });
}

function dateOf(item: TrackedPackage, type: string): string | undefined {
  return item.deliveryDate?.find((entry) => entry.type === type)?.date ?? undefined;
}

function isDelivered(item: TrackedPackage): boolean {
  return dateOf(item, 'DEL') !== undefined && dateOf(item, 'DEL') !== '';
}

/** `response.errors` of any UPS REST call. */
export function errorsOf(body: Json): readonly unknown[] {
  return list(object(body.response)?.errors ?? body.errors);
}

function issueOf(error: { issues: readonly { path: readonly PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0];
  return issue === undefined ? 'does not fit the schema' : `${issue.path.join('/')}: ${issue.message}`;
}
