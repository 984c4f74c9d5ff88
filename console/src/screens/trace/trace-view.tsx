import { Chip, Group, Slider } from '@mantine/core';
import { useState } from 'react';
import type { Trace, TraceEntry } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { EntryTimeline } from '../../parts/entry-timeline';
import { Panel } from '../../parts/panel';
import { Journey } from './journey';
import { Provenance } from './provenance';

const kinds = ['fact', 'case', 'run', 'effect', 'acknowledgement', 'wait', 'dead-letter'] as const;
/** What an order's way looks like without the machine behind it. */
const shownAtFirst = ['fact', 'case', 'effect', 'acknowledgement', 'dead-letter'];

/** Look-ups change nothing: they are of interest to whoever looks for a fault. */
const isRead = ({ record }: TraceEntry): boolean => (record as { safety?: string } | null)?.safety === 'read';

export function TraceView({ trace }: { trace: Trace }) {
  const { t, dateTime } = useWords();
  const [chosen, setChosen] = useState<string[]>(shownAtFirst);
  const [reads, setReads] = useState(false);
  const [upTo, setUpTo] = useState(trace.entries.length);
  const known = trace.entries.slice(0, upTo);
  const moment = known.at(-1)?.at;
  return (
    <div style={{ display: 'grid', gap: 16 }}>
      {trace.roots.length > 1 && (
        <p className="tag" data-tone="s3" style={{ justifySelf: 'start' }}>
          {t('trace.ambiguous', { count: trace.roots.length })}
        </p>
      )}
      <Journey entries={known} />
      <Panel
        title={t('trace.moment')}
        note={moment === undefined ? undefined : t('trace.asOf', { at: dateTime(moment) })}
      >
        <Slider
          min={Math.min(1, trace.entries.length)}
          max={trace.entries.length}
          value={upTo}
          onChange={setUpTo}
          label={(index) => {
            const at = trace.entries[index - 1]?.at;
            return at === undefined ? '' : dateTime(at);
          }}
          thumbLabel={t('trace.moment')}
          disabled={trace.entries.length < 2}
        />
      </Panel>
      <Panel
        title={t('trace.entries', { count: known.length })}
        note={trace.truncated ? t('trace.truncated') : undefined}
      >
        <Chip.Group multiple value={chosen} onChange={setChosen}>
          <Group gap={6} mb="md">
            {kinds.map((kind) => (
              <Chip key={kind} value={kind} size="xs">
                {t(`kind.${kind}`)}
              </Chip>
            ))}
            <Chip checked={reads} onChange={setReads} size="xs" variant="outline">
              {t('trace.reads')}
            </Chip>
          </Group>
        </Chip.Group>
        <EntryTimeline
          entries={known.filter((entry) => chosen.includes(entry.kind) && (reads || !isRead(entry)))}
          linkCases
        />
      </Panel>
      <Provenance trace={trace} />
    </div>
  );
}
