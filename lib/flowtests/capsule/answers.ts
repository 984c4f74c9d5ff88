/** From recorded effects to the answers of a flow test. Pure. */

import type { PartnerMode } from '../../engine/api';
import type { EffectRecord } from '../../ledger/effects';
import { type ExceptionCode, exceptionCodes } from '../../model/taxonomy';
import type { Answer } from '../format';

/** By partner, operation and step; several calls of one name become a list in their order. */
export function answersOf(
  effects: readonly EffectRecord[],
  output: (value: unknown) => unknown,
): Record<string, Answer | Answer[]> {
  const lists = new Map<string, Answer[]>();
  for (const effect of effects) {
    const given = answerOf(effect, output);
    if (!given) continue;
    const name = `${effect.partner}.${effect.operation}@${effect.step}`;
    lists.set(name, [...(lists.get(name) ?? []), given]);
  }
  return Object.fromEntries([...lists].map(([name, list]) => [name, onlyOf(list)]));
}

function onlyOf(list: Answer[]): Answer | Answer[] {
  const [first] = list;
  return first !== undefined && list.length === 1 ? first : list;
}

function answerOf(effect: EffectRecord, outputOf: (value: unknown) => unknown): Answer | undefined {
  const message = effect.error?.message ?? 'no answer is recorded';
  switch (effect.state) {
    case 'CONFIRMED':
    case 'ACCEPTED':
    case 'COMPENSATED':
      return {
        ok: outputOf(effect.output ?? null),
        confirmed: effect.state !== 'ACCEPTED',
        ...(effect.reference === undefined ? {} : { reference: String(outputOf(effect.reference)) }),
      };
    case 'REJECTED':
      return { business: codeOf(effect.error?.code), message: String(outputOf(message)) };
    case 'FAILED':
      return effect.error?.outcome === 'fatal'
        ? { technical: String(outputOf(message)) }
        : { retry: String(outputOf(message)) };
    case 'UNKNOWN':
    case 'INTENDED':
      return { unknown: String(outputOf(message)) };
    // Nothing was sent.
    case 'OBSERVED':
    case 'AWAITING_APPROVAL':
    case 'APPROVED':
    case 'DECLINED':
      return undefined;
  }
}

function codeOf(code: string | undefined): ExceptionCode {
  return exceptionCodes.find((known) => known === code) ?? 'INTEGRATION_FAILURE';
}

/** Modes of partners that only observed or asked: as the effects show them. */
export function modesOf(effects: readonly EffectRecord[]): Record<string, PartnerMode> {
  const modes = new Map<string, PartnerMode>();
  for (const { partner, state, decidedBy, safety } of effects) {
    if (safety === 'read') continue;
    if (state === 'OBSERVED' && !modes.has(partner)) modes.set(partner, 'observe');
    if (state === 'AWAITING_APPROVAL' || (decidedBy !== undefined && state !== 'UNKNOWN'))
      modes.set(partner, 'assist');
  }
  return Object.fromEntries(modes);
}
