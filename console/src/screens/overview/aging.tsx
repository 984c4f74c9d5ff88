import { Link } from 'react-router';
import type { Aging } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { useNow } from '../../parts/times';
import classes from './aging.module.css';

interface Bucket {
  label: string;
  /** Query of the list behind it. */
  times: string;
  counts: { severity: string; count: number }[];
  total: number;
}

/** Open cases by age; every bar, and every severity in it, leads to its cases. */
export function AgingPanel({ aging }: { aging: Aging }) {
  const { t, say, number } = useWords();
  const buckets = useBuckets(aging);
  const most = Math.max(1, ...buckets.map(({ total }) => total));
  return (
    <Panel title={t('aging.title')} note={t('aging.note')}>
      <ol className={classes.chart}>
        {buckets.map((bucket) => (
          <li key={bucket.label}>
            <Link className={classes.label ?? ''} to={`/cases?${bucket.times}`}>
              {bucket.label}
            </Link>
            <span className={classes.track}>
              {bucket.counts.map(({ severity, count }) =>
                count === 0 ? null : (
                  <Link
                    key={severity}
                    to={`/cases?severity=${severity}&${bucket.times}`}
                    className={classes.part ?? ''}
                    style={{
                      width: `${(count / most) * 100}%`,
                      background: `var(--rr-bar-${severity.toLowerCase()})`,
                    }}
                    aria-label={t('aging.part', {
                      age: bucket.label,
                      severity: say('severity', severity),
                      count: number(count),
                    })}
                    title={`${severity}: ${number(count)}`}
                  />
                ),
              )}
            </span>
            <span className={classes.total}>{number(bucket.total)}</span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function useBuckets({ boundsMs, rows }: Aging): Bucket[] {
  const { t, duration } = useWords();
  const now = useNow();
  const at = (age: number): string => encodeURIComponent(new Date(now - age).toISOString());
  return [...boundsMs, undefined].map((bound, index) => {
    const from = boundsMs[index - 1];
    const counts = rows.map(({ severity, counts: ages }) => ({ severity, count: ages[index] ?? 0 }));
    const times = [
      bound !== undefined && `detectedFrom=${at(bound)}`,
      from !== undefined && `detectedTo=${at(from)}`,
    ].filter((part) => part !== false);
    return {
      label:
        bound === undefined
          ? t('aging.over', { age: duration(from ?? 0) })
          : t('aging.upTo', { age: duration(bound) }),
      times: times.join('&'),
      counts,
      total: counts.reduce((sum, { count }) => sum + count, 0),
    };
  });
}
