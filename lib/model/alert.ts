/** Alerts: what somebody should look at now. Business and technical ones never share a channel. Data and pure functions. */
import type { CaseState } from './case-types';
import { exceptionKinds, type Severity } from './taxonomy';

export const alertKinds = ['business', 'technical'] as const;
export type AlertKind = (typeof alertKinds)[number];

export const alertStates = ['firing', 'acknowledged', 'resolved'] as const;
/** `acknowledged`: somebody knows; it neither fires again nor counts as new until its cause has gone. */
export type AlertState = (typeof alertStates)[number];

/** What Reroute alerts by itself; flows raise their own under `flow`. Data, because operators ask for exactly this table. */
export const alertRules = {
  'clock.acknowledge': 'Nobody has taken a case on before its acknowledge clock ran out',
  'clock.resolve': 'A case was not resolved before its resolve clock ran out',
  'cut-off': 'A cut-off is near, and orders of the warehouse have open cases',
  incident: 'Calls of one operation of a partner fail, and cases wait for it',
  'partner.circuit-open': 'Calls to a partner are stopped because too many of them failed',
  flow: 'Raised by an alert node',
} as const;
export type AlertRule = keyof typeof alertRules;

export interface AlertSeed {
  id: string;
  /** One cause: while an alert of the key is open, another one is counted on it. */
  key: string;
  kind: AlertKind;
  rule: AlertRule;
  severity: Severity;
  title: string;
  /** One or two sentences for a person. */
  message: string;
  subject?: string;
  caseId?: string;
  partner?: string;
  region?: string;
  detail?: Record<string, unknown>;
  at: number;
}

export interface Alert extends Omit<AlertSeed, 'at'> {
  state: AlertState;
  /** How often the cause was seen. */
  count: number;
  firedAt: number;
  lastAt: number;
  acknowledgedAt?: number;
  acknowledgedBy?: string;
  resolvedAt?: number;
}

const clockTitles = { acknowledge: 'Not taken on in time', resolve: 'Not resolved in time' } as const;

/** What the breach of a case's clock tells; technical codes go to the technical channel. */
export function clockAlert(
  state: CaseState,
  clock: 'acknowledge' | 'resolve',
  id: string,
  at: number,
): AlertSeed {
  const { title, nature } = exceptionKinds[state.code];
  const due = clock === 'acknowledge' ? state.clocks.acknowledgeDueAt : state.clocks.resolveDueAt;
  const when = due === undefined ? '' : ` It was due at ${new Date(due).toISOString()}.`;
  return {
    id,
    key: `clock.${clock}|${state.id}|${state.reopenCount}`,
    kind: nature,
    rule: `clock.${clock}`,
    severity: state.severity,
    title: `${clockTitles[clock]}: ${title}`,
    message: `${title} on ${state.subject} (${state.severity}, escalation level ${state.level + 1}).${when}`,
    subject: state.subject,
    caseId: state.id,
    partner: state.partner,
    ...(state.region === undefined ? {} : { region: state.region }),
    at,
  };
}
