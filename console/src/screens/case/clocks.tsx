import type { CaseDetail } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { Tag } from '../../parts/tags';
import { Due } from '../../parts/times';
import classes from './case.module.css';

export function ClocksPanel({ detail: { clocks } }: { detail: CaseDetail }) {
  const { t } = useWords();
  return (
    <Panel title={t('clock.title')}>
      <Clock name="acknowledge" clock={clocks.acknowledge} />
      <Clock name="resolve" clock={clocks.resolve} />
      {!clocks.acknowledge && !clocks.resolve && <span className="dim">{t('clock.none')}</span>}
    </Panel>
  );
}

type ClockView = CaseDetail['clocks']['resolve'];

function Clock({ name, clock }: { name: 'acknowledge' | 'resolve'; clock: ClockView }) {
  const { t, dateTime, duration } = useWords();
  if (!clock) return null;
  const { state, dueAt, remainingMs } = clock;
  return (
    <div className={classes.clock}>
      <div>
        {t(`clock.${name}`)}
        <div className="dim" style={{ fontSize: '0.76rem' }}>
          {t('clock.due', { at: dateTime(dueAt) })}
        </div>
      </div>
      {state === 'running' && <Due at={dueAt} />}
      {state === 'met' && <Tag tone="good">{t('clock.met', { duration: duration(remainingMs) })}</Tag>}
      {state === 'breached' && (
        <Tag tone="s1">{t('clock.breached', { duration: duration(remainingMs) })}</Tag>
      )}
    </div>
  );
}
