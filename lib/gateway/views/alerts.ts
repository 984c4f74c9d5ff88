/**
 * Alerts, business and technical ones apart. They are read from how things stand, not kept: an alert is there while its cause
 * is, and its id stays the same as long.
 */
import type { PartnerStatus } from '../../engine/api';
import type { Ledger } from '../../ledger/port';
import { hourOf } from '../../model/measures';
import { byName, rateOf, totalOf } from './measures';
import { countCases, unresolvedCodes } from './overview';

export interface Alert {
  id: string;
  kind: 'business' | 'technical';
  level: 'critical' | 'warning';
  code: string;
  subject?: string;
  count?: number;
  text: string;
  location: string;
}

const hourMs = 3_600_000;
/** Shares beyond which a rate of the last hours is an alert, and how much must have happened for a rate to mean something. */
const limits = { retryRate: 0.2, failureRate: 0.2, least: 20, fetchFailures: 3, groups: 10 };

export async function alertsOf(ledger: Ledger, partners: PartnerStatus[], now: number): Promise<Alert[]> {
  const [counts, ahead, groups, flows] = await Promise.all([
    ledger.caseCounts(),
    ledger.clocksAhead({ now, horizonsMs: [hourMs], limit: 1 }),
    ledger.deadLetterGroups({ state: 'open' }),
    ledger.measures({
      names: ['attempts', 'retried', 'calls', 'failedCalls'],
      dim: 'partner',
      from: hourOf(now) - 1,
      to: hourOf(now),
    }),
  ]);
  return [
    ...businessAlerts(countCases(counts), ahead.overdue, ahead.within[0] ?? 0),
    ...partners.flatMap(partnerAlerts),
    ...rateAlerts(flows),
    ...groups.slice(0, limits.groups).map(
      ({ fingerprint, count, sample }): Alert => ({
        id: `dead-letters:${fingerprint}`,
        kind: 'technical',
        level: 'warning',
        code: 'DEAD_LETTERS',
        subject: sample.partner ?? sample.kind,
        count,
        text: `${count} dead letters: ${sample.reason.message}`,
        location: `dead-letters?fingerprint=${encodeURIComponent(fingerprint)}`,
      }),
    ),
  ];
}

function businessAlerts(
  { bySeverity, byCode }: ReturnType<typeof countCases>,
  overdue: number,
  withinHour: number,
): Alert[] {
  const unresolved = unresolvedCodes.reduce((sum, code) => sum + (byCode[code] ?? 0), 0);
  const candidates: Omit<Alert, 'kind'>[] = [
    {
      id: 'clocks-overdue',
      level: 'critical',
      code: 'CLOCKS_OVERDUE',
      count: overdue,
      text: `${overdue} cases are past a service clock`,
      location: 'cases?due=overdue&sort=resolveDueAt',
    },
    {
      id: 'severity-1',
      level: 'critical',
      code: 'SEVERITY_1',
      count: bySeverity.S1 ?? 0,
      text: `${bySeverity.S1 ?? 0} cases of severity 1 are open`,
      location: 'cases?severity=S1',
    },
    {
      id: 'clocks-ending',
      level: 'warning',
      code: 'CLOCKS_ENDING',
      count: withinHour,
      text: `${withinHour} cases pass a service clock within the hour`,
      location: 'cases?due=1h&sort=resolveDueAt',
    },
    {
      id: 'unresolved-states',
      level: 'warning',
      code: 'UNRESOLVED_STATES',
      count: unresolved,
      text: `${unresolved} shipments are in a state that nobody knows`,
      location: `cases?code=${unresolvedCodes.join(',')}`,
    },
  ];
  return candidates
    .filter(({ count = 0 }) => count > 0)
    .map((alert) => ({ ...alert, kind: 'business' as const }));
}

function partnerAlerts({ id, title, breaker, control, fetch }: PartnerStatus): Alert[] {
  const common = { kind: 'technical' as const, subject: id, location: `partners/${id}` };
  const alerts: Alert[] = [];
  if (breaker !== 'closed')
    alerts.push({
      ...common,
      id: `breaker:${id}`,
      level: 'critical',
      code: 'BREAKER_OPEN',
      text: `no call is sent to ${title}: its breaker is ${breaker}`,
    });
  if (control?.held === true)
    alerts.push({
      ...common,
      id: `held:${id}`,
      level: 'warning',
      code: 'PARTNER_HELD',
      text: `${title} is held by ${control.by}: ${control.reason}`,
    });
  if (fetch?.enabled === true && fetch.failures >= limits.fetchFailures)
    alerts.push({
      ...common,
      id: `fetch:${id}`,
      level: 'warning',
      code: 'FETCH_FAILING',
      count: fetch.failures,
      text: `${title} could not be asked ${fetch.failures} times in a row`,
    });
  return alerts;
}

function rateAlerts(flows: Awaited<ReturnType<Ledger['measures']>>): Alert[] {
  const alerts: Alert[] = [];
  for (const [partner, sums] of Map.groupBy(flows, ({ value }) => value)) {
    const of = byName(sums);
    const [attempts, retried, calls, failed] = ['attempts', 'retried', 'calls', 'failedCalls'].map((name) =>
      totalOf(of(name)),
    ) as [number, number, number, number];
    const common = {
      kind: 'technical' as const,
      level: 'warning' as const,
      subject: partner,
      location: `partners/${partner}`,
    };
    if (calls >= limits.least && (rateOf(failed, calls) ?? 0) > limits.failureRate)
      alerts.push({
        ...common,
        id: `failed-calls:${partner}`,
        code: 'CALLS_FAILING',
        count: failed,
        text: `${failed} of ${calls} calls to ${partner} failed within two hours`,
      });
    if (attempts >= limits.least && (rateOf(retried, attempts) ?? 0) > limits.retryRate)
      alerts.push({
        ...common,
        id: `retries:${partner}`,
        code: 'RETRIES_HIGH',
        count: retried,
        text: `${retried} of ${attempts} attempts for ${partner} had to be repeated within two hours`,
      });
  }
  return alerts;
}
