/** What one wants to know first: how much is open, how bad it is, what runs out, how long it takes. */
import { Link } from 'react-router';
import type { Overview } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import classes from './headline.module.css';
import { Tile } from './tile';

const severities = ['S1', 'S2', 'S3', 'S4'] as const;

export function Headline({ data }: { data: Overview }) {
  const { t, number, share, maybeDuration } = useWords();
  const { cases, clocks, detection, remediation, sla, windowDays } = data;
  const window = t('overview.window', { days: windowDays });
  return (
    <section className={classes.strip} aria-label={t('overview.headline')}>
      <div className={`panel ${classes.open}`}>
        <Tile label={t('overview.open')} value={number(cases.open)} to="/cases" />
        <SeverityBar counts={cases.bySeverity} />
      </div>
      <div className="panel">
        <Tile
          label={t('overview.overdue')}
          value={number(clocks.overdue)}
          tone={clocks.overdue > 0 ? 's1' : undefined}
          to="/cases?due=overdue&sort=resolveDueAt"
          note={t('overview.dueSoon', {
            hour: number(clocks.withinHour),
            fourHours: number(clocks.withinFourHours),
            day: number(clocks.withinDay),
          })}
        />
      </div>
      <div className="panel">
        <Tile
          label={t('overview.mttd')}
          value={maybeDuration(detection.p50Ms)}
          note={`${t('overview.p90', { duration: maybeDuration(detection.p90Ms) })} · ${window}`}
        />
      </div>
      <div className="panel">
        <Tile
          label={t('overview.mttr')}
          value={maybeDuration(remediation.p50Ms)}
          note={`${t('overview.p90', { duration: maybeDuration(remediation.p90Ms) })} · ${window}`}
        />
      </div>
      <div className="panel">
        <Tile
          label={t('overview.sla')}
          value={share(sla.resolve.rate)}
          to="/analytics"
          note={t('overview.slaNote', {
            acknowledge: share(sla.acknowledge.rate),
            missed: data.unavailable.includes('sla') ? '–' : number(sla.resolve.missed),
          })}
        />
      </div>
    </section>
  );
}

/** Each part leads to the cases of its severity. */
function SeverityBar({ counts }: { counts: Record<string, number> }) {
  const { say, number } = useWords();
  const total = severities.reduce((sum, name) => sum + (counts[name] ?? 0), 0);
  return (
    <div>
      <div className={classes.bar} aria-hidden>
        {severities.map((name) => (
          <span
            key={name}
            style={{
              width: `${((counts[name] ?? 0) / Math.max(1, total)) * 100}%`,
              background: `var(--rr-bar-${name.toLowerCase()})`,
            }}
          />
        ))}
      </div>
      <ul className={classes.legend}>
        {severities.map((name) => (
          <li key={name}>
            <Link className="plain" to={`/cases?severity=${name}`} title={say('severity', name)}>
              <span
                className={classes.swatch}
                style={{ background: `var(--rr-bar-${name.toLowerCase()})` }}
                aria-hidden
              />
              {name} <strong>{number(counts[name] ?? 0)}</strong>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
