import { memo } from 'react';
import { Link } from 'react-router';
import type { Case } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { SeverityTag, StateTag } from '../../parts/tags';
import { Due, Since } from '../../parts/times';
import classes from './cases.module.css';

interface CaseRowProps {
  item: Case;
  index: number;
  start: number;
  active: boolean;
  chosen: boolean;
  onChoose(): void;
  onActivate(): void;
}

const running = new Set([
  'DETECTED',
  'ENRICHED',
  'DECISION_PENDING',
  'REMEDIATING',
  'AWAITING_ACK',
  'MANUAL',
]);

export const CaseRow = memo(function CaseRow(props: CaseRowProps) {
  const { item, index, start, active, chosen, onChoose, onActivate } = props;
  const { t, say } = useWords();
  const order = item.identifiers.orderNumber?.[0]?.value;
  const due = running.has(item.state) ? item.clocks.resolveDueAt : undefined;
  return (
    // The grid has the keys; the pointer only makes the row the active one.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    <div
      role="row"
      id={`case-${item.id}`}
      className={classes.row}
      style={{ transform: `translateY(${start}px)` }}
      data-active={active}
      data-chosen={chosen}
      aria-selected={chosen}
      aria-rowindex={index + 2}
      onClick={onActivate}
    >
      <span role="gridcell">
        <input
          type="checkbox"
          checked={chosen}
          onChange={onChoose}
          aria-label={t('cases.choose', { case: `${say('code', item.code)} ${order ?? item.subject}` })}
          style={{ width: 18, height: 18, accentColor: 'var(--rr-info)' }}
        />
      </span>
      <span role="gridcell">
        <SeverityTag severity={item.severity} />
      </span>
      <span role="gridcell">
        <Link className={classes.name ?? ''} to={`/cases/${item.id}`}>
          {say('code', item.code)}
        </Link>
        <span className={classes.under}>
          {order === undefined ? item.subject : t('atRisk.order', { order })}
        </span>
      </span>
      <span role="gridcell">
        <StateTag state={item.state} />
      </span>
      <span role="gridcell">
        {item.partner}
        <span className={classes.under}>{[item.region, item.warehouse].filter(Boolean).join(' · ')}</span>
      </span>
      <span role="gridcell">
        <Since at={item.detectedAt} />
      </span>
      <span role="gridcell">{due === undefined ? '–' : <Due at={due} />}</span>
      <span role="gridcell">{item.assignee ?? <span className="dim">{t('cases.nobody')}</span>}</span>
    </div>
  );
});
