/** Which of the clocks that end next has most at stake: the promise to the customer first, then who the customer is, then money. */
import type { CaseState } from '../../model/case';
import { runningClocks } from '../../model/clocks';
import { toInstant } from './wire';

const tiers: Record<string, number> = { STRATEGIC: 0, PRIORITY: 1, STANDARD: 2 };
const dayMs = 24 * 3_600_000;

export interface AtRisk {
  caseId: string;
  code: string;
  severity: string;
  subject: string;
  order?: string;
  clock: 'acknowledge' | 'resolve';
  dueAt: string;
  promisedAt?: string;
  value?: { amountMinor: string; currency: string };
  slaTier?: string;
  assignee?: string;
}

/** The `limit` with most at stake, of cases whose clocks end next. */
export function rankAtRisk(cases: CaseState[], now: number, limit: number): AtRisk[] {
  return cases
    .map((state) => ({ state, stake: stakeOf(state, now) }))
    .sort((a, b) => compare(a.stake, b.stake))
    .slice(0, limit)
    .flatMap(({ state }) => shownOf(state, now));
}

/** Compared from left to right; less is more at stake. */
function stakeOf(state: CaseState, now: number): number[] {
  const { promisedDeliveryAt, slaTier, customerPriority, orderValue } = state.context;
  const promised = promisedDeliveryAt === undefined ? undefined : Date.parse(promisedDeliveryAt);
  // A promise that is gone or goes within a day stands before every other, one without a promise stands last.
  const promise = promised === undefined ? 2 : promised - now < dayMs ? 0 : 1;
  return [
    promise,
    tiers[slaTier ?? 'STANDARD'] ?? 2,
    customerPriority ?? 5,
    Math.floor((firstEnd(state, now)?.dueAt ?? Number.MAX_SAFE_INTEGER) / dayMs),
    -Number(orderValue?.amountMinor ?? 0),
  ];
}

function compare(a: number[], b: number[]): number {
  for (const [index, value] of a.entries()) {
    const difference = value - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function firstEnd(
  state: CaseState,
  now: number,
): { clock: 'acknowledge' | 'resolve'; dueAt: number } | undefined {
  const { acknowledgeDueAt, resolveDueAt } = runningClocks(state);
  const ends = [
    { clock: 'acknowledge' as const, dueAt: acknowledgeDueAt },
    { clock: 'resolve' as const, dueAt: resolveDueAt },
  ];
  return ends
    .flatMap(({ clock, dueAt }) => (dueAt === undefined || dueAt < now ? [] : [{ clock, dueAt }]))
    .sort((a, b) => a.dueAt - b.dueAt)[0];
}

function shownOf(state: CaseState, now: number): AtRisk[] {
  const end = firstEnd(state, now);
  if (!end) return [];
  const { promisedDeliveryAt, slaTier, orderValue } = state.context;
  const order = state.identifiers.orderNumber?.[0]?.value;
  return [
    {
      caseId: state.id,
      code: state.code,
      severity: state.severity,
      subject: state.subject,
      clock: end.clock,
      dueAt: toInstant(end.dueAt),
      ...(order !== undefined && { order }),
      ...(promisedDeliveryAt !== undefined && { promisedAt: promisedDeliveryAt }),
      ...(orderValue !== undefined && { value: orderValue }),
      ...(slaTier !== undefined && { slaTier }),
      ...(state.assignee !== undefined && { assignee: state.assignee }),
    },
  ];
}
