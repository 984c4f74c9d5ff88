/** States what shipments have missed by silence, as facts of our own. */
import type { VersionedShipment } from '../../ledger/cases';
import type { Lease } from '../../ledger/port';
import { type Deadline, missedDeadlines, nextDeadline } from '../../model/deadlines';
import type { Fact, FactDraft, FactException } from '../../model/fact';
import { sha256Hex } from '../../model/keys';
import type { EngineDeps } from '../deps';
import type { Recorder } from '../facts/record';
import type { Watch } from './sweep';

/** Facts of a shipment that are read for its partner, its order and its announced lines. */
const factsPerShipment = 200;

type Noticed = Parameters<Recorder['recordOwn']>[1][number];

export class Deadlines implements Watch {
  readonly name = 'deadlines';

  constructor(
    private readonly deps: EngineDeps,
    private readonly recorder: Recorder,
  ) {}

  async round(leases: readonly Lease[]): Promise<void> {
    for (const lease of leases) await this.partition(lease);
  }

  private async partition(lease: Lease): Promise<void> {
    const { ledger, limits } = this.deps;
    const now = this.deps.now();
    const due = await ledger.dueShipments(lease.partition, { now, limit: limits.attentionBatch });
    if (due.length === 0) return;
    const noticed: Noticed[] = [];
    const watches: Parameters<typeof ledger.watchShipments>[1] = [];
    for (const shipment of due) {
      const found = await this.look(shipment, now);
      noticed.push(...found.noticed);
      watches.push({
        key: shipment.key,
        expectedVersion: shipment.version,
        ...(found.at === undefined ? {} : { at: found.at }),
      });
    }
    if (noticed.length > 0) await this.recorder.recordOwn(lease.partition, noticed);
    // One that a fact of ours has just changed stays due and is looked at once more: its next deadline follows from the new view.
    await ledger.watchShipments(lease, watches);
  }

  private async look(
    { key, view }: VersionedShipment,
    now: number,
  ): Promise<{ noticed: Noticed[]; at?: number }> {
    const stored = await this.deps.ledger.factsBySubjects([key], factsPerShipment);
    const last = stored.at(-1);
    if (!last) return { noticed: [] };
    const patience = this.recorder.patienceOf(last.partner);
    const facts = stored.map(({ fact }) => fact);
    const noticed = missedDeadlines(view, patience, now).flatMap((deadline): Noticed[] => {
      const exception = exceptionOf(deadline, facts);
      return exception === undefined
        ? []
        : [
            {
              draft: draftOf(deadline, key, exception, view.identifiers, now),
              subject: key,
              partner: last.partner,
              correlationId: last.fact.correlationId,
              by: 'timer',
            },
          ];
    });
    const at = nextDeadline(view, patience, now);
    return { noticed, ...(at === undefined ? {} : { at }) };
  }
}

const words: Record<Deadline['kind'], string> = {
  delivery: 'not delivered when it was promised or estimated',
  scan: 'no scan for longer than is usual on this lane',
  pickup: 'not picked up when it was planned',
  receipt: 'announced and not received',
  identifier: 'none of its identifiers names a shipment',
};

/** Undefined where the lines are not known: a difference of nothing cannot be stated. */
function exceptionOf({ kind, code }: Deadline, facts: readonly Fact[]): FactException | undefined {
  if (kind !== 'receipt') return { code, message: words[kind] };
  const announced = facts.findLast(({ data }) => (data.lines ?? []).length > 0)?.data.lines ?? [];
  const discrepancies = announced.flatMap(({ lineId, item, ordered, fulfilled }) => {
    const expected = fulfilled ?? ordered;
    if (expected === undefined) return [];
    const actual = { value: '0', uom: expected.uom };
    return [{ lineId, expected, actual, ...(item === undefined ? {} : { item }) }];
  });
  return discrepancies.length === 0 ? undefined : { code, message: words[kind], discrepancies };
}

/** The same deadline of the same shipment gives the same key, whoever notices it and however often. */
function draftOf(
  { kind, onsetAt }: Deadline,
  subject: string,
  exception: FactException,
  identifiers: Fact['data']['identifiers'],
  now: number,
): FactDraft {
  return {
    type: 'org.reroute.shipment.exception.v1',
    dedupKey: `timer|${kind}|${onsetAt}|${sha256Hex(subject)}`,
    data: {
      time: {
        eventTime: new Date(onsetAt).toISOString(),
        eventTimeZoneOffset: '+00:00',
        recordTime: new Date(now).toISOString(),
        timeClassifier: 'ACTUAL',
        timeConfidence: 'SOURCE_OFFSET',
      },
      identifiers,
      exception,
    },
  };
}
