import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { alertsQuery } from '../../api/queries';
import type { Alert } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { Tag } from '../../parts/tags';
import classes from './alerts.module.css';

/** Business and technical alerts side by side, never mixed: other people act on them. */
export function AlertsPanel() {
  const { t } = useWords();
  const { data } = useQuery(alertsQuery);
  const of = (kind: Alert['kind']): Alert[] => (data?.items ?? []).filter((alert) => alert.kind === kind);
  return (
    <Panel title={t('alerts.title')}>
      <div className={classes.kinds}>
        <Kind title={t('alerts.business')} alerts={of('business')} />
        <Kind title={t('alerts.technical')} alerts={of('technical')} />
      </div>
    </Panel>
  );
}

function Kind({ title, alerts }: { title: string; alerts: Alert[] }) {
  const { t } = useWords();
  return (
    <div>
      <h3 className={classes.kind}>{title}</h3>
      {alerts.length === 0 ? (
        <p className="dim" style={{ margin: 0 }}>
          {t('alerts.none')}
        </p>
      ) : (
        <ul className={classes.list}>
          {alerts.map((alert) => (
            <Item key={alert.id} alert={alert} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Item({ alert }: { alert: Alert }) {
  const { t, number } = useWords();
  const { code, count, subject, text, level, location } = alert;
  const key = `alert.${code}` as 'alert.CLOCKS_OVERDUE';
  const words = t(key, { count: number(count ?? 0), subject: subject ?? '' });
  return (
    <li>
      <Link className="plain" to={`/${location}`} title={text}>
        <Tag tone={level === 'critical' ? 's1' : 's3'}>{t(`alerts.${level}`)}</Tag>{' '}
        {words === key ? text : words}
      </Link>
    </li>
  );
}
