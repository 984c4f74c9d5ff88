/** Appends facts, folds shipments, opens and advances cases: one commit a partition, repeated when somebody was faster. */

import type { FactSeed, RecordContext } from '../../ledger/cases';
import type { CalendarBook } from '../../model/calendar';
import type { CaseState } from '../../model/case';
import { defaultPatience, type Patience } from '../../model/deadlines';
import { RetryableError, VersionConflictError } from '../../model/errors';
import type { Fact, FactDraft } from '../../model/fact';
import { effectKey, factTokens, partitionOf, sha256Hex } from '../../model/keys';
import { parseTraceparent, traceparentOf } from '../../model/trace-context';
import type { NodeRef, RecordOutcome } from '../api';
import type { EngineDeps } from '../deps';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun, PreviewSink } from '../runs/active-run';
import { isMappedSince, mappedSince, retractionOf } from './corrections';
import { identified } from './identity';
import { planRecord, type RecordPlan } from './plan';

/** How often a commit is planned anew after losing a race. */
const maxRaces = 10;
const noCalendars: CalendarBook = new Map();

/** Where facts of one commit come from. */
interface Origin {
  region?: string;
  runId?: string;
  preview: PreviewSink | undefined;
  /** The shipment that nobody has heard of; see `ClaimedRun.unseen`. */
  unseen?: string | undefined;
}

/** Whose facts they are: a run, or what stands in for one when facts come without a payload. */
export type Recording = Pick<ActiveRun, 'id' | 'startedAt' | 'preview'> & {
  record: Pick<ActiveRun['record'], 'partner' | 'raw' | 'ref' | 'correlationId' | 'rootRunId'> &
    Partial<Pick<ActiveRun['record'], 'kind' | 'orderKey' | 'unseen'>>;
};

export class Recorder {
  constructor(
    private readonly deps: EngineDeps,
    private readonly partners: PartnerRegistry,
    private readonly takes: (state: CaseState) => boolean,
    private readonly follows: (state: CaseState) => boolean,
  ) {}

  async record(run: Recording, drafts: FactDraft[]): Promise<RecordOutcome> {
    const outcome: RecordOutcome = { appended: 0, duplicates: 0, cases: [] };
    for (const [partition, seeds] of this.byPartition(await this.seedsOf(run, drafts))) {
      const plan = await this.commit(
        {
          ...this.regionOfPartner(run.record.partner ?? run.record.raw?.partner),
          runId: run.id,
          preview: run.preview,
          unseen: takeUnseen(run),
        },
        partition,
        seeds,
      );
      outcome.appended += plan.appended;
      outcome.duplicates += seeds.length - plan.appended;
      outcome.cases.push(...plan.cases);
    }
    return outcome;
  }

  /**
   * A fact that nobody sent: the engine noticed it, about a shipment that it knows. The same one again changes nothing, whoever
   * notices it. Answers how many were new.
   */
  async recordOwn(
    partition: number,
    noticed: { draft: FactDraft; subject: string; partner: string; correlationId: string; by: string }[],
  ): Promise<number> {
    const now = this.deps.now();
    const seeds = noticed.map(({ draft, subject, partner, correlationId, by }): FactSeed => {
      const origin = { tenant: this.deps.tenant, system: 'reroute', partner: by, recordedAt: now };
      const fact = identified(draft, {
        ...origin,
        subject,
        correlationId,
        causationId: `${by}:${subject}`.slice(0, 100),
      });
      return { fact, partner, tokens: [] };
    });
    const region = this.regionOfPartner(noticed[0]?.partner);
    return (await this.commit({ ...region, preview: undefined }, partition, seeds)).appended;
  }

  private async commit(
    origin: Origin,
    partition: number,
    seeds: FactSeed[],
  ): Promise<Pick<RecordPlan, 'cases'> & { appended: number }> {
    for (let race = 0; race < maxRaces; race += 1) {
      const now = this.deps.now();
      const context = await this.contextOf(race === 0 ? origin.unseen : undefined, partition, seeds, now);
      const plan = planRecord(seeds, context, {
        now,
        tenant: this.deps.tenant,
        ...(origin.region === undefined ? {} : { region: origin.region }),
        ...(origin.runId === undefined ? {} : { runId: origin.runId }),
        newId: this.deps.newId,
        patienceOf: (partner) => this.patienceOf(partner),
        calendars: this.deps.calendars ?? noCalendars,
        takes: this.takes,
        follows: this.follows,
      });
      if (origin.preview) {
        origin.preview.notes.push(
          ...plan.cases.filter((change) => change.opened).map((change) => `would open a case ${change.code}`),
        );
        return { cases: plan.cases, appended: plan.appended };
      }
      if (plan.appended === 0) return { cases: plan.cases, appended: 0 };
      try {
        await this.deps.ledger.record(partition, plan.commit);
      } catch (error) {
        if (error instanceof VersionConflictError) continue;
        throw error;
      }
      if (plan.commit.runs.length > 0) this.deps.dispatch.notify(partition);
      return { cases: plan.cases, appended: plan.appended };
    }
    throw new RetryableError(
      'RECORD_RACES',
      `the shipment was changed by others ${maxRaces} times in a row`,
      { hint: 'It is tried again by itself.' },
    );
  }

  /**
   * What the ledger knows. It is not asked where nothing can be known, at the first record of a delivery whose shipment is new: should
   * another have come between, the commit meets a version that it did not expect.
   */
  private async contextOf(
    unseen: string | undefined,
    partition: number,
    seeds: FactSeed[],
    now: number,
  ): Promise<RecordContext> {
    const subjects = [...new Set(seeds.map((seed) => seed.fact.subject))];
    if (unseen !== undefined && subjects.length === 1 && subjects[0] === unseen)
      return { knownFactIds: [], shipments: [], cases: [] };
    const factIds = seeds.map((seed) => seed.fact.id);
    return this.deps.ledger.recordContext(partition, { factIds, subjects, now });
  }

  /** As its configuration says; the default where it says nothing. */
  patienceOf(partner: string): Patience {
    const own = this.partners.get(partner)?.config.patience;
    return own ? { ...defaultPatience, ...own } : defaultPatience;
  }

  private regionOfPartner(partner: string | undefined): { region?: string } {
    const own = partner === undefined ? undefined : this.partners.get(partner)?.config.region;
    const region = own || this.deps.region;
    return region === undefined || region === '' ? {} : { region };
  }

  private byPartition(seeds: FactSeed[]): Map<number, FactSeed[]> {
    const groups = new Map<number, FactSeed[]>();
    for (const seed of seeds) {
      const partition = partitionOf(seed.fact.partitionKey, this.deps.ledger.partitions);
      const group = groups.get(partition);
      if (group) group.push(seed);
      else groups.set(partition, [seed]);
    }
    return groups;
  }

  private async seedsOf(run: Recording, drafts: FactDraft[]): Promise<FactSeed[]> {
    if (run.record.kind !== 'replay') return drafts.map((draft) => this.seedOf(run, draft));
    return (await Promise.all(drafts.map((draft) => this.replayedSeeds(run, draft)))).flat();
  }

  /** What was unmapped when it was recorded, and is known now, is corrected. */
  private async replayedSeeds(run: Recording, draft: FactDraft): Promise<FactSeed[]> {
    const seed = this.seedOf(run, draft);
    const known = await this.deps.ledger.fact(seed.fact.id);
    if (!known || !isMappedSince(known.fact.data, draft.data)) return [seed];
    const corrected = this.seedOf(run, mappedSince(draft));
    const retraction = retractionOf(draft, seed.fact.id, corrected.fact.id);
    return [this.seedOf(run, retraction), corrected];
  }

  private seedOf(run: Recording, draft: FactDraft): FactSeed {
    const { record } = run;
    const { raw } = record;
    const partner = record.partner ?? raw?.partner ?? 'reroute';
    const fact = identified(draft, {
      tenant: this.deps.tenant,
      system: this.partners.get(partner)?.config.connectorId ?? 'reroute',
      partner,
      correlationId: record.correlationId,
      causationId: record.ref,
      recordedAt: raw?.receivedAt ?? run.startedAt,
      traceparent: senderTrace(raw?.headers),
      ...(raw ? { raw: rawReferenceOf(raw, record.ref) } : {}),
    });
    return {
      fact,
      partner,
      tokens: factTokens(draft.data),
      runId: run.id,
      ...(raw ? { rawId: record.ref } : {}),
    };
  }

  /** Remembered as an effect that nobody sees: a key belongs to the run chain that claimed it first. */
  async firstTime(run: ActiveRun, node: NodeRef, key: string): Promise<boolean> {
    const [answer] = await this.deps.ledger.intendEffects(run.lease, [
      {
        key: effectKey({
          tenant: this.deps.tenant,
          subject: 'idempotent',
          planVersion: '1',
          step: node.id,
          target: sha256Hex(key),
        }),
        runId: run.id,
        rootRunId: run.record.rootRunId,
        partner: 'reroute',
        operation: 'idempotent',
        safety: 'read',
        plan: '1',
        step: node.id,
        target: key.slice(0, 200),
        input: null,
        state: 'OBSERVED',
        correlationId: run.record.correlationId,
        at: this.deps.now(),
      },
    ]);
    return answer === undefined || !answer.existing || answer.record.rootRunId === run.record.rootRunId;
  }
}

/** The order key of a delivery whose shipment is new, at the first record of its run. */
function takeUnseen({ record, preview }: Recording): string | undefined {
  const { unseen, orderKey } = record;
  record.unseen = false;
  return unseen && !preview ? orderKey : undefined;
}

/** Only what the standard takes for one: the rest is a header like any other. */
function senderTrace(headers: Readonly<Record<string, string>> | undefined): string | undefined {
  const context = parseTraceparent(headers?.traceparent);
  return context && traceparentOf(context);
}

function rawReferenceOf(raw: NonNullable<ActiveRun['record']['raw']>, ref: string): Fact['data']['raw'] {
  return {
    sha256: raw.contentHash,
    byteSize: raw.body.byteLength,
    mediaType: raw.mediaType.slice(0, 200),
    ref,
  };
}
