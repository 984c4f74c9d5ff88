/** Scorecards; a click on a head sorts by it. */

import { useQuery } from '@tanstack/react-query';
import {
  createColumnHelper,
  createSortedRowModel,
  rowSortingFeature,
  sortFns,
  tableFeatures,
  useTable,
} from '@tanstack/react-table';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { scorecardsQuery } from '../../api/queries';
import type { Scorecard } from '../../api/types';
import { useWords, type Words } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';

const features = tableFeatures({
  rowSortingFeature,
  sortedRowModel: createSortedRowModel(),
  sortFns,
});
const helper = createColumnHelper<typeof features, Scorecard>();

export function Scorecards({ by, days }: { by: string; days: number }) {
  const { t } = useWords();
  const query = useQuery(scorecardsQuery(by, days));
  return (
    <Panel title={t('scorecards.title')} note={t('scorecards.note')}>
      <Asked query={query}>{({ items }) => <Cards items={items} by={by} />}</Asked>
    </Panel>
  );
}

function columnsOf(by: string, { t, say, number, share, maybeDuration }: Words) {
  const name = (value: string): string => (value === '' ? '–' : by === 'code' ? say('code', value) : value);
  return helper.columns([
    helper.accessor('value', {
      header: t(`field.${by as 'partner'}`),
      cell: ({ getValue }) => (
        <Link className="link" to={`/cases?${by}=${encodeURIComponent(getValue())}`}>
          {name(getValue())}
        </Link>
      ),
    }),
    helper.accessor('open', { header: t('scorecards.open'), cell: ({ getValue }) => number(getValue()) }),
    helper.accessor('detected', { header: t('trends.detected'), cell: ({ getValue }) => number(getValue()) }),
    helper.accessor((card) => card.recurrenceRate ?? -1, {
      id: 'recurrence',
      header: t('flow.recurrence'),
      cell: ({ row }) => share(row.original.recurrenceRate),
    }),
    helper.accessor((card) => card.mttrP50Ms ?? -1, {
      id: 'mttr',
      header: t('scorecards.mttr'),
      cell: ({ row }) => maybeDuration(row.original.mttrP50Ms),
    }),
    helper.accessor((card) => card.mttrP90Ms ?? -1, {
      id: 'p90',
      header: t('scorecards.p90'),
      cell: ({ row }) => maybeDuration(row.original.mttrP90Ms),
    }),
    helper.accessor((card) => card.resolveAdherence ?? -1, {
      id: 'sla',
      header: t('overview.sla'),
      cell: ({ row }) => share(row.original.resolveAdherence),
    }),
  ]);
}

function Cards({ items, by }: { items: Scorecard[]; by: string }) {
  const words = useWords();
  const columns = useMemo(() => columnsOf(by, words), [by, words]);
  const table = useTable({ features, columns, data: items });
  return (
    <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={words.t('scorecards.title')}>
      <table className="grid">
        <thead>
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id}>
              {group.headers.map((header) => (
                <th
                  key={header.id}
                  scope="col"
                  className={header.column.id === 'value' ? '' : 'num'}
                  aria-sort={sortOf(header.column.getIsSorted())}
                >
                  <button
                    type="button"
                    onClick={header.column.getToggleSortingHandler()}
                    style={{ all: 'unset', cursor: 'pointer', minHeight: 24 }}
                  >
                    <table.FlexRender header={header} />
                    {arrowOf(header.column.getIsSorted())}
                  </button>
                </th>
              ))}
            </tr>
          ))}
        </thead>
        <tbody>
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id}>
              {row.getAllCells().map((cell) => (
                <td key={cell.id} className={cell.column.id === 'value' ? '' : 'num'}>
                  <table.FlexRender cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Sorted = false | 'asc' | 'desc';
const sortOf = (sorted: Sorted) =>
  sorted === false ? 'none' : sorted === 'asc' ? 'ascending' : 'descending';
const arrowOf = (sorted: Sorted): string => (sorted === false ? '' : sorted === 'asc' ? ' ↑' : ' ↓');
