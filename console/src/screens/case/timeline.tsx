import type { TraceEntry } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { EntryTimeline } from '../../parts/entry-timeline';
import { Panel } from '../../parts/panel';

/** What happened, the newest first: that is what one comes back for. */
export function TimelinePanel({ entries }: { entries: TraceEntry[] }) {
  const { t } = useWords();
  return (
    <Panel title={t('timeline.title')} note={t('timeline.note')}>
      <EntryTimeline entries={[...entries].reverse()} />
    </Panel>
  );
}
