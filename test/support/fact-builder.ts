/** Builds valid facts for tests: say what matters, the rest is filled in. */
import { type Fact, type FactData, fact, factSchemaVersion } from '../../lib/model/fact';
import { factId } from '../../lib/model/keys';

export interface FactSketch {
  key?: string;
  source?: string;
  /** Minutes after `noon`. */
  minute?: number;
  recordedMinute?: number;
  classifier?: FactData['time']['timeClassifier'];
  data?: Partial<FactData>;
}

/** 2026-03-02T12:00Z, a Monday. */
export const noon = Date.UTC(2026, 2, 2, 12);
export const at = (minute: number): number => noon + minute * 60_000;
export const isoAt = (minute: number): string => new Date(at(minute)).toISOString();

/** A fact of shipment `trk:ups:1Z1`, checked against the schema. */
export function aFact({
  key = 'k',
  source = '/t/ups/one',
  minute = 0,
  recordedMinute = minute,
  classifier = 'ACTUAL',
  data = {},
}: FactSketch = {}): Fact {
  const type = data.retracts ? 'retracted' : data.exception ? 'exception' : 'milestone';
  return fact.parse({
    specVersion: '1.0',
    id: factId(source, key),
    source,
    type: `org.reroute.shipment.${type}.v1`,
    subject: 'trk:ups:1Z1',
    time: isoAt(minute),
    dataSchema: `https://reroute.dev/schemas/fact/${factSchemaVersion}`,
    correlationId: 'c',
    recordedTime: isoAt(recordedMinute),
    partitionKey: 'trk:ups:1Z1',
    dedupKey: key,
    data: {
      time: {
        eventTime: isoAt(minute),
        eventTimeZoneOffset: '+00:00',
        recordTime: isoAt(recordedMinute),
        timeClassifier: classifier,
        timeConfidence: 'SOURCE_OFFSET',
      },
      identifiers: { trackingNumber: [{ carrier: 'ups', value: '1Z1' }] },
      ...data,
    },
  });
}
