import { SegmentedControl } from '@mantine/core';
import { useState } from 'react';
import type { Overview } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Bars } from '../../parts/bars';
import { Panel } from '../../parts/panel';

const dims = ['code', 'partner', 'region', 'warehouse', 'carrier'] as const;
const shown = 9;

/** Open cases by one field at a time. */
export function ByPanel({ by }: { by: Overview['by'] }) {
  const { t, say } = useWords();
  const [dim, setDim] = useState<(typeof dims)[number]>('code');
  const bars = (by[dim] ?? [])
    .filter(({ value }) => value !== '')
    .slice(0, shown)
    .map(({ value, count }) => ({
      label: dim === 'code' ? say('code', value) : value,
      count,
      to: `/cases?${dim}=${encodeURIComponent(value)}`,
    }));
  return (
    <Panel title={t('by.title')}>
      <SegmentedControl
        size="xs"
        fullWidth
        mb={10}
        aria-label={t('by.field')}
        value={dim}
        onChange={(value) => setDim(value as (typeof dims)[number])}
        data={dims.map((value) => ({ value, label: t(`field.${value}`) }))}
      />
      <Bars bars={bars} empty={t('by.none')} />
    </Panel>
  );
}
