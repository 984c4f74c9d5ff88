/** What an action would do, against what is recorded: the replay preview. Nothing is written, nothing is sent. */

import type { Operation } from '../../connectors/kit/connector';
import type { Ledger } from '../../ledger/port';
import type { ActionOutcome, PartnerMode } from '../api';
import type { Partner } from '../partners/registry';
import type { PreviewEffect, PreviewSink } from '../runs/active-run';

export async function previewEffect(
  action: { partner: Partner; operation: Operation; input: unknown; target: string; key: string },
  mode: PartnerMode,
  sink: PreviewSink,
  ledger: Ledger,
): Promise<ActionOutcome> {
  const { partner, operation, input, target, key } = action;
  const record = operation.safety === 'read' ? undefined : await ledger.effect(key);
  const settled =
    record?.state === 'CONFIRMED' || record?.state === 'ACCEPTED' || record?.state === 'REJECTED';
  const diff = record ? differences(record.input, input) : [];
  if (operation.safety !== 'read') {
    sink.effects.push({
      key,
      partner: partner.id,
      operation: operation.id,
      target,
      outcome: verdict(settled, diff.length > 0, mode, operation.costs === true),
      ...(diff.length > 0 ? { diff } : {}),
    });
  }
  return {
    kind: 'ok',
    key,
    output: record?.output,
    confirmed: record?.state === 'CONFIRMED',
    recorded: settled,
    adopted: false,
    observed: !settled,
  };
}

function verdict(settled: boolean, changed: boolean, mode: string, costs: boolean): PreviewEffect['outcome'] {
  if (settled) return changed ? 'change' : 'skip';
  if (mode === 'assist') return 'needs approval';
  return costs ? 'costs' : 'create';
}

/** Leaf by leaf, with JSON Pointers. */
export function differences(
  before: unknown,
  after: unknown,
  path = '',
): { path: string; before: unknown; after: unknown }[] {
  if (Object.is(before, after)) return [];
  if (isRecord(before) && isRecord(after)) {
    const names = new Set([...Object.keys(before), ...Object.keys(after)]);
    return [...names].flatMap((name) =>
      differences(before[name], after[name], `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`),
    );
  }
  return [{ path, before, after }];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
