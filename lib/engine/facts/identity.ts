/** Gives a draft its identity: who says it, about which shipment, and under which id it is the same fact again. Pure. */
import type { Fact, FactDraft } from '../../model/fact';
import { factId, shipmentKeyOf } from '../../model/keys';
import { dataSchemaUri } from '../../model/wire';

export interface FactOrigin {
  tenant: string;
  /** The connector, or `reroute` for our own. */
  system: string;
  partner: string;
  correlationId: string;
  causationId: string;
  /** What the sender named, as it came. */
  traceparent?: string | undefined;
  /** Epoch milliseconds of receipt, not of the clock: every attempt writes the same fact. */
  recordedAt: number;
  raw?: Fact['data']['raw'];
  /** The shipment it is about, where that is known; else its identifiers name it. */
  subject?: string;
}

/** A shipment that cannot be named is its own subject until somebody links it. */
export function identified(draft: FactDraft, origin: FactOrigin): Fact {
  const source = `/${origin.tenant}/${origin.system}/${origin.partner}`;
  const id = factId(source, draft.dedupKey);
  const subject = origin.subject ?? shipmentKeyOf(draft.data.identifiers) ?? `fact:${id}`;
  return {
    specVersion: '1.0',
    id,
    source,
    type: draft.type,
    subject,
    time: draft.data.time.eventTime,
    dataSchema: dataSchemaUri(),
    correlationId: origin.correlationId,
    causationId: origin.causationId,
    recordedTime: new Date(origin.recordedAt).toISOString(),
    partitionKey: subject,
    dedupKey: draft.dedupKey,
    ...(origin.traceparent === undefined ? {} : { traceParent: origin.traceparent }),
    data: origin.raw === undefined ? draft.data : { ...draft.data, raw: origin.raw },
  };
}
