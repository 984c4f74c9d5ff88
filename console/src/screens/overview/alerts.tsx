import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from 'react-router';
import { post } from '../../api/client';
import { alertsQuery, meQuery } from '../../api/queries';
import type { Alert } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { SeverityTag } from '../../parts/tags';
import { Since } from '../../parts/times';
import classes from './alerts.module.css';

const shown = 6;

/** Business and technical alerts side by side, never mixed: other people act on them. */
export function AlertsPanel() {
  const { t } = useWords();
  return (
    <Panel title={t('alerts.title')}>
      <div className={classes.kinds}>
        <Kind kind="business" />
        <Kind kind="technical" />
      </div>
    </Panel>
  );
}

function Kind({ kind }: { kind: Alert['kind'] }) {
  const { t } = useWords();
  const { data } = useQuery(alertsQuery(kind, shown));
  return (
    <div>
      <h3 className={classes.kind}>{t(`alerts.${kind}`)}</h3>
      {data?.items.length === 0 && (
        <p className="dim" style={{ margin: 0 }}>
          {t('alerts.none')}
        </p>
      )}
      <ul className={classes.list}>
        {data?.items.map((alert) => (
          <Item key={alert.id} alert={alert} />
        ))}
      </ul>
      {data !== undefined && data.nextCursor !== null && <p className="dim">{t('alerts.more')}</p>}
    </div>
  );
}

function Item({ alert }: { alert: Alert }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const client = useQueryClient();
  const acknowledge = useMutation({
    mutationFn: () =>
      post(`alerts/${encodeURIComponent(alert.id)}/actions`, {
        action: 'acknowledge',
        reason: t('alerts.seen'),
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['alerts'] }),
  });
  return (
    <li data-known={alert.state === 'acknowledged'}>
      <SeverityTag severity={alert.severity} />{' '}
      <Link className="plain" to={locationOf(alert)} title={alert.message}>
        {alert.title}
      </Link>
      <div className={classes.under}>
        <span>
          <Since at={alert.firedAt} />
          {alert.count > 1 && ` · ${t('alerts.times', { count: alert.count })}`}
          {alert.acknowledgedBy !== undefined && ` · ${t('alerts.known', { who: alert.acknowledgedBy })}`}
        </span>
        {alert.state === 'firing' && me?.roles.includes('operator') === true && (
          <Button
            size="compact-xs"
            variant="subtle"
            loading={acknowledge.isPending}
            onClick={() => acknowledge.mutate()}
          >
            {t('alerts.acknowledge')}
          </Button>
        )}
      </div>
    </li>
  );
}

function locationOf({ caseId, partner }: Alert): string {
  if (caseId !== undefined) return `/cases/${caseId}`;
  return partner === undefined ? '/cases' : `/partners/${partner}`;
}
