/** AlertStore over the channels. */
import type { Alert, AlertSeed } from '../../../model/alert';
import type { AlertStore } from '../../alerts';
import type { AlertInput, AlertRow } from '../sql/alerts';
import { type Channels, fromJson, present, toJson, toPage } from './codec';
import { toRunInput } from './runs';

export function alertStore({ writer, reader }: Channels): AlertStore {
  return {
    async raiseAlerts(partition, raised) {
      const inputs = raised.map(({ alert, run }) => toInput(alert, run && toRunInput(run)));
      const answers = await writer.call('raiseAlerts', partition, inputs);
      return answers.map(({ row, fired }) => ({ alert: toAlert(row), fired }));
    },
    resolveAlerts: (keys, at) => writer.call('resolveAlerts', keys, at),
    async acknowledgeAlert(id, by, at) {
      const row = await writer.call('acknowledgeAlert', id, by, at);
      return row && toAlert(row);
    },
    async alert(id) {
      const row = await writer.call('alert', id);
      return row && toAlert(row);
    },
    alerts: async (filter, page) => toPage(await reader.call('alerts', filter, page), toAlert),
  };
}

function toInput(alert: AlertSeed, run: AlertInput['run']): AlertInput {
  const { id, key, kind, rule, severity, title, message, subject, caseId, partner, region, detail, at } =
    alert;
  return {
    ...{ id, key, kind, rule, severity, title, message, subject, caseId, partner, region, at, run },
    detail: toJson(detail),
  };
}

function toAlert(row: AlertRow): Alert {
  return present<Alert>({
    id: row.id,
    key: row.key,
    kind: row.kind as Alert['kind'],
    state: row.state as Alert['state'],
    rule: row.rule as Alert['rule'],
    severity: row.severity as Alert['severity'],
    title: row.title,
    message: row.message,
    subject: row.subject,
    caseId: row.case_id,
    partner: row.partner,
    region: row.region,
    detail: fromJson<Record<string, unknown>>(row.detail),
    count: row.count,
    firedAt: row.fired_at,
    lastAt: row.last_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    resolvedAt: row.resolved_at,
  });
}
