/** Raises, ends and acknowledges alerts; one that fires starts a run where an alert in node takes it, so that it is told once. */
import type { RunSeed } from '../../ledger/runs';
import type { Alert, AlertRule, AlertSeed } from '../../model/alert';
import { partitionOf } from '../../model/keys';
import type { EngineDeps } from '../deps';
import type { Sources } from '../sources';

/** What one look at open alerts reads at most: 10 pages of 200. */
const maxPages = 10;
const pageSize = 200;

export class Alerts {
  constructor(
    private readonly deps: EngineDeps,
    private readonly sources: Sources,
  ) {}

  /** Answers the alert, and whether it fired now or was open already. */
  async raise(alert: AlertSeed): Promise<{ alert: Alert; fired: boolean }> {
    const { ledger, dispatch } = this.deps;
    const partition = partitionOf(alert.key, ledger.partitions);
    const taken = this.sources.forAlert(alert).length > 0;
    const [answer] = await ledger.raiseAlerts(partition, [
      { alert, ...(taken ? { run: runOf(alert) } : {}) },
    ]);
    if (!answer) throw new Error('the ledger did not answer an alert');
    if (answer.fired && taken) dispatch.notify(partition);
    return answer;
  }

  /** Those that are not resolved, newest first; bounded. */
  async *open(rule: AlertRule): AsyncGenerator<Alert> {
    let cursor: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const { items, nextCursor } = await this.deps.ledger.alerts(
        { rule, state: ['firing', 'acknowledged'] },
        { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) },
      );
      yield* items;
      if (nextCursor === null) return;
      cursor = nextCursor;
    }
  }

  resolve(keys: string[]): Promise<number> {
    return this.deps.ledger.resolveAlerts(keys, this.deps.now());
  }

  /** Audited. Undefined when there is no such open alert. */
  async acknowledge(id: string, by: string, reason: string): Promise<Alert | undefined> {
    const { ledger, now, newId } = this.deps;
    const at = now();
    const alert = await ledger.acknowledgeAlert(id, by, at);
    if (!alert) return undefined;
    await ledger.appendAudit(partitionOf(alert.key, ledger.partitions), [
      {
        id: newId(),
        at,
        actor: by,
        action: 'alert.acknowledge',
        subject: `alert:${id}`,
        reason,
        after: { state: alert.state, acknowledgedBy: alert.acknowledgedBy },
        outcome: 'done',
      },
    ]);
    return alert;
  }
}

function runOf(alert: AlertSeed): RunSeed {
  return {
    id: alert.id,
    kind: 'alert',
    ref: alert.id,
    orderKey: `alert|${alert.key}`,
    correlationId: alert.id,
    rootRunId: alert.id,
    dueAt: alert.at,
  };
}
