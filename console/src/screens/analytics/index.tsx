import { Button, NativeSelect } from '@mantine/core';
import { useSearchParams } from 'react-router';
import { download } from '../../api/client';
import { useWords } from '../../i18n/use-words';
import { Screen } from '../../parts/screen';
import { Scorecards } from './scorecards';
import { Trends } from './trends';

const dims = ['partner', 'warehouse', 'carrier', 'region', 'code'] as const;
const spans = [7, 30, 90, 365] as const;

/** How it went: trends, and scorecards that can be taken along. */
export function Analytics() {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const by = dims.find((dim) => dim === params.get('by')) ?? 'partner';
  const days = spans.find((span) => String(span) === params.get('days')) ?? 30;
  const set = (name: string, value: string): void =>
    setParams((before) => {
      const next = new URLSearchParams(before);
      next.set(name, value);
      return next;
    });
  return (
    <Screen
      title={t('nav.analytics')}
      actions={
        <>
          <NativeSelect
            aria-label={t('analytics.days')}
            value={String(days)}
            onChange={(event) => set('days', event.currentTarget.value)}
            data={spans.map((span) => ({ value: String(span), label: t('overview.window', { days: span }) }))}
          />
          <NativeSelect
            aria-label={t('by.field')}
            value={by}
            onChange={(event) => set('by', event.currentTarget.value)}
            data={dims.map((dim) => ({ value: dim, label: t(`field.${dim}`) }))}
          />
          <Button
            variant="default"
            onClick={() =>
              void download('metrics/partners', `scorecards-${by}.csv`, { by, days, format: 'csv' })
            }
          >
            {t('analytics.csv')}
          </Button>
        </>
      }
    >
      <Trends days={days} />
      <Scorecards by={by} days={days} />
    </Screen>
  );
}
