/** Alerts: at most one open one for each key, whoever raises it and however often. */
import type { Alert, AlertKind, AlertSeed, AlertState } from '../model/alert';
import type { Scope } from '../model/scope';
import type { Page, PageRequest } from './port';
import type { RunSeed } from './runs';

export interface AlertFilter {
  kind?: AlertKind;
  state?: AlertState[];
  rule?: string;
  partner?: string;
  region?: string;
  caseId?: string;
  /** What the caller is limited to. */
  scope?: Scope;
}

export interface AlertStore {
  /**
   * An alert whose key has none open fires, and its run, if it has one, is queued in the same commit; else the open one counts it and
   * nothing is queued. Answers, in order, the alert and whether it fired.
   */
  raiseAlerts(
    partition: number,
    raised: { alert: AlertSeed; run?: RunSeed }[],
  ): Promise<{ alert: Alert; fired: boolean }[]>;
  /** Ends the open alerts of these keys. Answers how many there were. */
  resolveAlerts(keys: string[], at: number): Promise<number>;
  /** Somebody knows of it. Answers it; undefined when there is none or it is resolved. One that was acknowledged stays theirs. */
  acknowledgeAlert(id: string, by: string, at: number): Promise<Alert | undefined>;
  alert(id: string): Promise<Alert | undefined>;
  /** Newest first. */
  alerts(filter: AlertFilter, page: PageRequest): Promise<Page<Alert>>;
}
