/**
 * The list: only the rows in sight are drawn, pages are fetched as their end comes near, and everything goes by keyboard
 * (https://www.w3.org/WAI/ARIA/apg/patterns/grid/). `j` and `k` move, `Enter` opens, `x` chooses.
 */
import { useHotkeys } from '@mantine/hooks';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Case } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { CaseRow } from './case-row';
import classes from './cases.module.css';
import type { Selection } from './selection';
import { useTriage } from './use-triage';

interface CaseListProps {
  items: Case[];
  total: number;
  loading: boolean;
  onNearEnd(): void;
  selection: Selection;
}

const rowHeight = 52;
const nearEnd = 30;
const columns = ['severity', 'case', 'state', 'subject', 'age', 'due', 'assignee'] as const;

export function CaseList({ items, total, loading, onNearEnd, selection }: CaseListProps) {
  const { t } = useWords();
  const scroll = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 12,
  });
  const shown = rows.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (items.length > 0 && last >= items.length - nearEnd) onNearEnd();
  }, [last, items.length, onNearEnd]);
  useListKeys({ items, active, setActive, selection, reveal: (index) => rows.scrollToIndex(index) });
  return (
    <div className={classes.grid}>
      <div
        ref={scroll}
        className={classes.scroll}
        role="grid"
        aria-label={t('nav.cases')}
        aria-rowcount={total + 1}
        aria-multiselectable
        tabIndex={0}
        {...(items[active] && { 'aria-activedescendant': `case-${items[active].id}` })}
      >
        <div role="row" className={classes.head} aria-rowindex={1}>
          <span role="columnheader">
            <span className="visually-hidden">{t('help.select')}</span>
          </span>
          {columns.map((name) => (
            <span role="columnheader" key={name}>
              {t(`cases.column.${name}`)}
            </span>
          ))}
        </div>
        <div role="rowgroup" style={{ height: rows.getTotalSize(), position: 'relative' }}>
          {shown.map(({ index, key, start }) => {
            const item = items[index];
            if (!item) return null;
            return (
              <CaseRow
                key={key}
                item={item}
                index={index}
                start={start}
                active={index === active}
                chosen={selection.has(item.id)}
                onChoose={() => selection.toggle(item)}
                onActivate={() => setActive(index)}
              />
            );
          })}
        </div>
      </div>
      {items.length === 0 && (
        <p className={classes.empty}>{loading ? t('shell.loading') : t('cases.none')}</p>
      )}
    </div>
  );
}

interface ListKeys {
  items: Case[];
  active: number;
  setActive(index: number): void;
  selection: Selection;
  reveal(index: number): void;
}

function useListKeys({ items, active, setActive, selection, reveal }: ListKeys): void {
  const navigate = useNavigate();
  const triage = useTriage();
  const move = (by: number) => () => {
    const next = Math.min(Math.max(active + by, 0), items.length - 1);
    setActive(next);
    reveal(next);
  };
  const withActive = (work: (item: Case) => void) => () => {
    const item = items[active];
    if (item) work(item);
  };
  useHotkeys([
    ['j', move(1)],
    ['ArrowDown', move(1)],
    ['k', move(-1)],
    ['ArrowUp', move(-1)],
    ['Enter', withActive(({ id }) => void navigate(`/cases/${id}`)), { preventDefault: false }],
    ['x', withActive((item) => selection.toggle(item))],
    ['a', withActive((item) => triage.assignToMe(item))],
    ['t', withActive((item) => triage.takeOver(item))],
    ['Escape', () => selection.clear()],
  ]);
}
