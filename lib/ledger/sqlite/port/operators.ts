/** OperatorStore over the channels. */
import type { SignedHeads } from '../../../model/audit-heads';
import type { AuditEntry, OperatorStore, PartnerControl, Replay, ReplayItem } from '../../operators';
import type { AuditRow } from '../sql/audit';
import type { FlowVersionRow, PartnerControlRow } from '../sql/operators';
import type { ReplayItemRow, ReplayRow } from '../sql/replays';
import { type Channels, fromJson, present, toJson, toPage } from './codec';

type AuditPart = Pick<
  OperatorStore,
  | 'appendAudit'
  | 'audit'
  | 'auditChain'
  | 'chainHeads'
  | 'appendSignedHeads'
  | 'lastSignedHeads'
  | 'signedHeads'
>;
type ReplayPart = Pick<
  OperatorStore,
  'createReplay' | 'replay' | 'replays' | 'replayItems' | 'setReplayState' | 'updateReplayItem'
>;

export function operatorStore(channels: Channels, partitions: number): OperatorStore {
  const { writer } = channels;
  return {
    ...auditPart(channels, partitions),
    ...replayPart(channels),
    partnerControls: async () => (await writer.call('partnerControls')).map(toControl),
    setPartnerControl: (control) => writer.call('setPartnerControl', control),
    async beginRequest(request) {
      const answer = await writer.call('beginRequest', request);
      return answer.state === 'done' ? { ...answer, body: JSON.parse(answer.body) } : { state: answer.state };
    },
    finishRequest: (request) =>
      writer.call('finishRequest', { ...request, body: toJson(request.body) ?? 'null' }),
    saveFlowVersion: (version) =>
      writer.call('saveFlowVersion', { ...version, content: toJson(version.content) ?? 'null' }),
    async flowVersion(id) {
      const row = await writer.call('flowVersion', id);
      return row && toFlowVersion(row);
    },
  };
}

type FlowVersion = Parameters<OperatorStore['saveFlowVersion']>[0];

function auditPart({ writer, reader }: Channels, partitions: number): AuditPart {
  return {
    chainHeads: () => writer.call('chainHeads', partitions),
    appendSignedHeads: (heads) =>
      writer.call('appendSignedHeads', heads.number, heads.at, JSON.stringify(heads)),
    async lastSignedHeads() {
      const text = await writer.call('lastSignedHeads');
      return text === undefined ? undefined : (JSON.parse(text) as SignedHeads);
    },
    signedHeads: async (fromNumber, limit) =>
      (await reader.call('signedHeads', fromNumber, limit)).map((text) => JSON.parse(text) as SignedHeads),
    appendAudit: (partition, seeds) => writer.call('appendAudit', partition, seeds),
    audit: async (filter, page) => toPage(await reader.call('audit', filter, page), toAuditEntry),
    auditChain: async (partition, fromSeq, limit) =>
      (await reader.call('auditChain', partition, fromSeq, limit)).map(toAuditEntry),
  };
}

function replayPart({ writer, reader }: Channels): ReplayPart {
  return {
    createReplay: (replay, items) =>
      writer.call(
        'createReplay',
        { ...replay, selection: toJson(replay.selection) ?? 'null' },
        items.map(({ effects, edit, ...item }) => ({
          ...item,
          effects: toJson(effects),
          edit: toJson(edit),
        })),
      ),
    async replay(id) {
      const row = await writer.call('replay', id);
      return row && toReplay(row);
    },
    replays: async (page, by) => toPage(await reader.call('replays', page, by), toReplay),
    replayItems: async (id, page) => toPage(await reader.call('replayItems', id, page), toReplayItem),
    setReplayState: (id, from, to, at) => writer.call('setReplayState', id, from, to, at),
    updateReplayItem: ({ effects, edit: _frozen, ...item }) =>
      writer.call('updateReplayItem', { ...item, effects: toJson(effects) }),
  };
}

function toAuditEntry(row: AuditRow): AuditEntry {
  return present<AuditEntry>({
    id: row.id,
    at: row.at,
    actor: row.actor,
    action: row.action,
    subject: row.subject,
    reason: row.reason,
    before: fromJson(row.before),
    after: fromJson(row.after),
    outcome: row.outcome,
    partition: row.partition,
    seq: row.seq,
    previousHash: row.previous_hash,
    hash: row.hash,
  });
}

function toReplay(row: ReplayRow): Replay {
  return present<Replay>({
    id: row.id,
    name: row.name,
    reason: row.reason,
    mode: row.mode as Replay['mode'],
    state: row.state as Replay['state'],
    by: row.created_by,
    createdAt: row.created_at,
    endedAt: row.ended_at,
    ratePerSecond: row.rate_per_second,
    canary: row.canary,
    stopAfterFailures: row.stop_after,
    selection: JSON.parse(row.selection),
  });
}

function toReplayItem(row: ReplayItemRow): ReplayItem {
  return present<ReplayItem>({
    replayId: row.replay_id,
    ordinal: row.ordinal,
    ref: row.ref,
    kind: row.kind as ReplayItem['kind'],
    orderKey: row.order_key,
    partition: row.partition,
    outcome: row.outcome as ReplayItem['outcome'],
    runId: row.run_id,
    effects: fromJson(row.effects),
    message: row.message,
    edit: fromJson(row.edit),
  });
}

function toFlowVersion(row: FlowVersionRow): FlowVersion {
  return present<FlowVersion>({
    id: row.id,
    flowId: row.flow_id,
    label: row.label,
    content: JSON.parse(row.content),
    author: row.author,
    at: row.at,
  });
}

function toControl(row: PartnerControlRow): PartnerControl {
  return present<PartnerControl>({
    partner: row.partner,
    held: row.held === 1,
    draining: row.draining === 1,
    mode: row.mode as PartnerControl['mode'] | null,
    by: row.set_by,
    reason: row.reason,
    at: row.at,
  });
}
