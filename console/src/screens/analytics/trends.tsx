import '@mantine/charts/styles.css';
import { AreaChart, LineChart } from '@mantine/charts';
import { useQueries } from '@tanstack/react-query';
import { seriesQuery } from '../../api/queries';
import type { Series } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';

const dayMs = 24 * 3_600_000;
const names = ['detected', 'recurred', 'mttr', 'resolveMet', 'resolveMissed'] as const;

/** What was detected and came back, how long it took, and how clocks were kept, day by day. */
export function Trends({ days }: { days: number }) {
  const { t } = useWords();
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const from = new Date(today - (days - 1) * dayMs).toISOString();
  const [detected, recurred, mttr, met, missed] = useQueries({
    queries: names.map((name) => seriesQuery({ name, from })),
  });
  const rows = daysOf(today, days, {
    detected: detected?.data,
    recurred: recurred?.data,
    mttr: mttr?.data,
    met: met?.data,
    missed: missed?.data,
  });
  return (
    <div
      style={{
        display: 'grid',
        gap: 16,
        gridTemplateColumns: 'repeat(auto-fit, minmax(min(440px, 100%), 1fr))',
      }}
    >
      <Panel title={t('trends.cases')} note={t('trends.perDay')}>
        <AreaChart
          h={220}
          data={rows}
          dataKey="day"
          withDots={false}
          curveType="monotone"
          series={[
            { name: 'detected', label: t('trends.detected'), color: 'sea.6' },
            { name: 'recurred', label: t('trends.recurred'), color: 'orange.6' },
          ]}
          withLegend
        />
      </Panel>
      <Panel title={t('trends.mttr')} note={t('trends.hours')}>
        <LineChart
          h={220}
          data={rows}
          dataKey="day"
          curveType="monotone"
          connectNulls
          series={[
            { name: 'p50', label: t('trends.p50'), color: 'sea.6' },
            { name: 'p90', label: t('trends.p90'), color: 'orange.6' },
          ]}
          withLegend
        />
      </Panel>
      <Panel title={t('trends.sla')} note={t('trends.percent')}>
        <LineChart
          h={220}
          data={rows}
          dataKey="day"
          curveType="monotone"
          connectNulls
          yAxisProps={{ domain: [0, 100] }}
          series={[{ name: 'kept', label: t('overview.sla'), color: 'teal.7' }]}
        />
      </Panel>
    </div>
  );
}

interface DayRow {
  day: string;
  detected: number;
  recurred: number;
  p50?: number | undefined;
  p90?: number | undefined;
  kept?: number | undefined;
  [name: string]: string | number | undefined;
}

type Given = Record<'detected' | 'recurred' | 'mttr' | 'met' | 'missed', Series | undefined>;

/** Days on which nothing was counted are there all the same: a gap would look like a line. */
function daysOf(today: number, days: number, given: Given): DayRow[] {
  const at = (series: Series | undefined, day: string) =>
    series?.points.find((point) => point.at.startsWith(day));
  const hours = (ms: number | undefined) => (ms === undefined ? undefined : Math.round(ms / 36_000) / 100);
  return Array.from({ length: days }, (_, index) => {
    const day = new Date(today - (days - 1 - index) * dayMs).toISOString().slice(0, 10);
    const mttr = at(given.mttr, day);
    const met = at(given.met, day)?.count ?? 0;
    const decided = met + (at(given.missed, day)?.count ?? 0);
    return {
      day: day.slice(5),
      detected: at(given.detected, day)?.count ?? 0,
      recurred: at(given.recurred, day)?.count ?? 0,
      p50: hours(mttr?.p50Ms),
      p90: hours(mttr?.p90Ms),
      kept: decided === 0 ? undefined : Math.round((met / decided) * 1000) / 10,
    };
  });
}
