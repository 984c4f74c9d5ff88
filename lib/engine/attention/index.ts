/** What nobody reports, and who is told: deadlines, clocks, cut-offs, outages and alerts, put together. */
import type { Lease } from '../../ledger/port';
import type { CaseService } from '../cases/service';
import type { EngineDeps } from '../deps';
import type { Recorder } from '../facts/record';
import type { PartnerRegistry } from '../partners/registry';
import type { ActiveRun } from '../runs/active-run';
import type { Sources } from '../sources';
import { Alerts } from './alerts';
import { Clocks } from './clocks';
import { CutOffs } from './cut-offs';
import { Deadlines } from './deadlines';
import { Incidents, type Outage } from './incidents';
import { Sweep } from './sweep';

export interface AttentionParts {
  sources: Sources;
  partners: PartnerRegistry;
  recorder: Recorder;
  cases: CaseService;
  leases(): Lease[];
  paused(): boolean;
}

export class Attention {
  readonly alerts: Alerts;
  private readonly incidents: Incidents;
  private readonly sweep: Sweep;

  constructor(deps: EngineDeps, parts: AttentionParts) {
    const { recorder, cases } = parts;
    this.alerts = new Alerts(deps, parts.sources);
    this.incidents = new Incidents(deps, { ...parts, alerts: this.alerts });
    const watches = [
      new Deadlines(deps, recorder),
      new Clocks(deps, cases, this.alerts),
      new CutOffs(deps, this.alerts),
      this.incidents,
    ];
    this.sweep = new Sweep(deps, watches, parts);
  }

  start(): void {
    this.sweep.start();
  }

  /** A round now; resolves when it is over. */
  now(): Promise<void> {
    return this.sweep.now();
  }

  /** Resolves when nothing is looked at any more. */
  stop(): Promise<void> {
    return this.sweep.stop();
  }

  /** The last attempt of an action has failed. */
  async exhausted({ record: { caseId } }: ActiveRun, outage: Outage): Promise<void> {
    if (caseId !== undefined) await this.incidents.hit(outage, caseId);
  }

  /** An attempt has ended: one that met an open circuit holds its case up. */
  async attempted({ failure, record: { caseId } }: ActiveRun): Promise<void> {
    if (failure?.code !== 'CIRCUIT_OPEN' || caseId === undefined) return;
    const { partner, operation } = failure.error?.context ?? {};
    if (typeof partner !== 'string' || typeof operation !== 'string') return;
    await this.incidents.hit({ partner, operation, message: failure.message }, caseId);
  }
}
