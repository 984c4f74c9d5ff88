/** CaseStore and CaseQueries over the channels. */
import { type CaseEvent, type CaseState, isOpen } from '../../../model/case';
import { runningClocks } from '../../../model/clocks';
import type { Fact } from '../../../model/fact';
import { normalizeIdentifier } from '../../../model/keys';
import { carrierOf } from '../../../model/measures';
import type { ShipmentView } from '../../../model/shipment';
import type {
  CaseQueries,
  CaseStore,
  CaseWrite,
  FactSeed,
  IdentifierToken,
  StoredFact,
  VersionedShipment,
} from '../../cases';
import { measuredText } from '../measured';
import type { CaseInput } from '../sql/cases';
import type { FactRow } from '../sql/facts';
import type { FactInput } from '../sql/record';
import type { ShipmentRow } from '../sql/shipments';
import { type Channels, present, toPage } from './codec';
import { toRunInput } from './runs';

export function caseStore({ writer }: Channels): CaseStore {
  return {
    async recordContext(_partition, request) {
      const found = await writer.call('recordContext', request);
      return {
        knownFactIds: found.knownFactIds,
        shipments: found.shipments.map(toShipment),
        cases: found.cases.map(toCase),
      };
    },
    async record(partition, commit) {
      const facts = await writer.call('record', partition, {
        facts: commit.facts.map(toFactInput),
        shipments: commit.shipments.map(({ key, expectedVersion, view, watchAt }) => ({
          key,
          expectedVersion,
          view: JSON.stringify(view),
          watchAt,
        })),
        cases: commit.cases.map(toCaseInput),
        runs: commit.runs.map(toRunInput),
        audit: commit.audit,
        now: commit.now,
      });
      return { facts };
    },
    dueShipments: async (partition, request) =>
      (await writer.call('dueShipments', partition, request)).map(toShipment),
    watchShipments: (lease, watches) => writer.call('watchShipments', lease, watches),
  };
}

export function caseQueries(channels: Channels): CaseQueries {
  return { ...caseReads(channels), ...factReads(channels) };
}

type FactReads = Pick<
  CaseQueries,
  'fact' | 'facts' | 'factsByCase' | 'factsBySubjects' | 'shipment' | 'subjectsOf' | 'linksOf'
>;

function caseReads({ writer, reader }: Channels): Omit<CaseQueries, keyof FactReads> {
  return {
    async case(id) {
      const text = await writer.call('caseState', id);
      return text === undefined ? undefined : toCase(text);
    },
    caseEvents: async (id) =>
      (await reader.call('caseEvents', id)).map((text) => JSON.parse(text) as CaseEvent),
    async cases({ q, ...filter }, page) {
      const onlyOpen = filter.state?.every(isOpenName) ?? false;
      const asked = { ...filter, ...searched(q), onlyOpen };
      return toPage(await reader.call('cases', asked, page), (row) => toCase(row.state));
    },
    casesBySubjects: async (subjects) => (await reader.call('casesBySubjects', subjects)).map(toCase),
    async caseCounts(scope) {
      const rows = await reader.call('caseCounts', scope);
      return rows.map(({ key, n }) => {
        const [state, code, severity] = JSON.parse(key) as [string, string, string];
        return { state, code, severity, count: n };
      });
    },
    breachedCases: async (now, limit) => (await reader.call('breachedCases', now, limit)).map(toCase),
  };
}

function factReads({ writer, reader }: Channels): FactReads {
  return {
    async fact(id) {
      const row = await writer.call('fact', id);
      return row && toFact(row);
    },
    facts: async ({ q, ...filter }, page) =>
      toPage(await reader.call('facts', { ...filter, ...searched(q) }, page), toFact),
    factsByCase: async (id) => (await reader.call('factsByCase', id)).map(toFact),
    factsBySubjects: async (subjects, limit) =>
      (await reader.call('factsBySubjects', subjects, limit)).map(toFact),
    async shipment(key) {
      const row = await writer.call('shipment', key);
      return row && toShipment(row);
    },
    subjectsOf: (normalized) => reader.call('subjectsOf', normalized),
    linksOf: (subjects) => reader.call('linksOf', subjects),
  };
}

/** An identifier that is nothing but separators finds nothing, instead of everything. */
export function searched(q: string | undefined): { normalizedQ?: string } {
  if (q === undefined || q === '') return {};
  return { normalizedQ: normalizeIdentifier(q) || '\u{10ffff}' };
}

function isOpenName(state: string): boolean {
  return isOpen(state as CaseState['state']);
}

function toFactInput({ fact, partner, rawId, runId, tokens }: FactSeed): FactInput {
  return {
    id: fact.id,
    subject: fact.subject,
    code: fact.data.exception?.code,
    recordedAt: Date.parse(fact.recordedTime),
    partner,
    rawId,
    runId,
    fact: JSON.stringify(fact),
    tokens: JSON.stringify(tokens),
  };
}

function toCaseInput({ state, expectedVersion, events, tokens, factIds }: CaseWrite): CaseInput {
  const open = isOpen(state.state);
  return {
    id: state.id,
    expectedVersion,
    version: state.version,
    open,
    tenant: state.tenant,
    subject: state.subject,
    code: state.code,
    severity: state.severity,
    status: state.state,
    partner: state.partner,
    region: state.region,
    warehouse: state.warehouse,
    carrier: carrierOf(state),
    assignee: state.assignee,
    parent: state.parent,
    detectedAt: state.detectedAt,
    ...runningClocks(state),
    sortDueAt: state.clocks.resolveDueAt,
    endedAt: open ? undefined : (state.endedAt ?? state.updatedAt),
    state: JSON.stringify(state),
    measured: measuredText(state),
    events: events.map((event) => ({ version: event.version, event: JSON.stringify(event) })),
    tokens,
    factIds,
  };
}

export function toCase(text: string): CaseState {
  return JSON.parse(text) as CaseState;
}

function toShipment(row: ShipmentRow): VersionedShipment {
  return { key: row.key, version: row.version, view: JSON.parse(row.view) as ShipmentView };
}

function toFact(row: FactRow): StoredFact {
  return present<StoredFact>({
    fact: JSON.parse(row.fact) as Fact,
    rawId: row.raw_id,
    runId: row.run_id,
    partner: row.partner,
    tokens: JSON.parse(row.tokens) as IdentifierToken[],
    partition: row.partition,
    seq: row.seq,
  });
}
