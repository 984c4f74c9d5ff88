/**
 * Incidents: one case for an operation of a partner whose calls fail, parent of every case that it holds up. There is one outage to
 * look at, and each child keeps its owner.
 */
import type { Lease } from '../../ledger/port';
import { type CaseState, isOpen } from '../../model/case';
import { RetryableError } from '../../model/errors';
import type { FactDraft } from '../../model/fact';
import { partitionOf, sha256Hex } from '../../model/keys';
import type { CaseService } from '../cases/service';
import type { EngineDeps } from '../deps';
import type { Recorder } from '../facts/record';
import type { PartnerRegistry } from '../partners/registry';
import type { Alerts } from './alerts';
import type { Watch } from './sweep';

export interface Outage {
  partner: string;
  operation: string;
  message: string;
}

const prefix = 'incident:';
const system = { by: 'system', role: 'system' as const };
/** A circuit that has been closed for this long, without another case held up, has healed. */
const quietMs = 60_000;

export const incidentSubject = ({ partner, operation }: Outage): string => `${prefix}${partner}/${operation}`;

export class Incidents implements Watch {
  readonly name = 'incidents';
  /** When a call of the operation last failed, by subject; since the start. */
  private readonly failedAt = new Map<string, number>();

  constructor(
    private readonly deps: EngineDeps,
    private readonly parts: {
      partners: PartnerRegistry;
      recorder: Recorder;
      cases: CaseService;
      alerts: Alerts;
    },
  ) {}

  /** A case is held up: it becomes a child of the incident, which opens when there is none. */
  async hit(outage: Outage, caseId: string): Promise<void> {
    const subject = incidentSubject(outage);
    const child = await this.deps.ledger.case(caseId);
    if (!child || child.subject.startsWith(prefix) || !isOpen(child.state)) return;
    this.failedAt.set(subject, this.deps.now());
    const incident = (await this.openOne(subject)) ?? (await this.open(outage, subject, child));
    await this.parts.cases.apply(caseId, (state) =>
      state.parent === incident.id || !isOpen(state.state)
        ? []
        : [{ type: 'link', ...system, parent: incident.id, reason: outage.message.slice(0, 500) }],
    );
  }

  private async openOne(subject: string): Promise<CaseState | undefined> {
    return (await this.deps.ledger.casesBySubjects([subject])).find(({ state }) => isOpen(state));
  }

  private async open(outage: Outage, subject: string, child: CaseState): Promise<CaseState> {
    const now = this.deps.now();
    const { partner, operation } = outage;
    await this.parts.recorder.recordOwn(partitionOf(subject, this.deps.ledger.partitions), [
      {
        draft: draftOf(outage, subject, now),
        subject,
        partner,
        correlationId: child.correlationId,
        by: 'incident',
      },
    ]);
    const incident = await this.openOne(subject);
    if (!incident)
      throw new RetryableError('INCIDENT_RACE', `the incident ${subject} ended while it was opened`);
    await this.parts.alerts.raise({
      id: this.deps.newId(),
      key: `incident|${incident.id}|${incident.reopenCount}`,
      kind: 'technical',
      rule: 'incident',
      severity: incident.severity,
      title: `${operation} at ${partner} fails`,
      message: `${outage.message}. Cases that wait for it are children of the incident.`.slice(0, 2000),
      subject,
      caseId: incident.id,
      partner,
      at: now,
    });
    return incident;
  }

  /** Partners whose circuit is open are alerted; what has healed, or was ended by a person, lets its children go on at once. */
  async round(leases: readonly Lease[]): Promise<void> {
    await this.circuits();
    const mine = new Set(leases.map(({ partition }) => partition));
    const over: string[] = [];
    for await (const { key, subject, caseId } of this.parts.alerts.open('incident')) {
      if (subject === undefined || caseId === undefined) continue;
      if (!mine.has(partitionOf(subject, this.deps.ledger.partitions))) continue;
      const state = await this.deps.ledger.case(caseId);
      if (state && isOpen(state.state) && !(await this.healed(state))) continue;
      await this.letGo(state?.partner);
      over.push(key);
    }
    if (over.length > 0) await this.parts.alerts.resolve(over);
  }

  /** Nobody took it on, the circuit is closed and nothing failed for a while: it is over by itself. */
  private async healed(state: CaseState): Promise<boolean> {
    const now = this.deps.now();
    const lane = this.parts.partners.get(state.partner)?.lane;
    const lastFailure = this.failedAt.get(state.subject) ?? state.openedAt;
    if (lane?.breakerState !== 'closed' || now - lastFailure < quietMs || state.state === 'MANUAL')
      return false;
    const ended = await this.parts.cases.apply(state.id, () => [
      { type: 'suppress', ...system, until: now + 1, reason: 'calls succeed again' },
    ]);
    return ended.ok;
  }

  private async letGo(partner: string | undefined): Promise<void> {
    if (partner === undefined) return;
    const { ledger, dispatch, now } = this.deps;
    for (let partition = 0; partition < ledger.partitions; partition += 1) {
      const hastened = await ledger.hastenRuns(partition, { errorCode: 'CIRCUIT_OPEN', partner, now: now() });
      if (hastened > 0) dispatch.notify(partition);
    }
  }

  private async circuits(): Promise<void> {
    const told = new Set<string>();
    for await (const { key } of this.parts.alerts.open('partner.circuit-open')) told.add(key);
    const over: string[] = [];
    for (const { id, lane } of this.parts.partners.all()) {
      const key = `partner.circuit-open|${id}`;
      if (lane.breakerState === 'closed' && told.has(key)) over.push(key);
      if (lane.breakerState !== 'open' || told.has(key)) continue;
      await this.parts.alerts.raise({
        id: this.deps.newId(),
        key,
        kind: 'technical',
        rule: 'partner.circuit-open',
        severity: 'S2',
        title: `Calls to ${id} are stopped`,
        message: `Too many calls to ${id} failed, so its circuit is open. Runs wait and go on by themselves.`,
        partner: id,
        at: this.deps.now(),
      });
    }
    if (over.length > 0) await this.parts.alerts.resolve(over);
  }
}

function draftOf({ message }: Outage, subject: string, now: number): FactDraft {
  const at = new Date(now).toISOString();
  return {
    type: 'org.reroute.shipment.exception.v1',
    dedupKey: `incident|${sha256Hex(subject)}|${now}`,
    data: {
      time: {
        eventTime: at,
        eventTimeZoneOffset: '+00:00',
        recordTime: at,
        timeClassifier: 'ACTUAL',
        timeConfidence: 'SOURCE_OFFSET',
      },
      identifiers: {},
      exception: { code: 'INTEGRATION_FAILURE', errorCode: 'OUTAGE', message: message.slice(0, 2000) },
    },
  };
}
