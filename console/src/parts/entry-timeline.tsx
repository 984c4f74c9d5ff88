/** Entries of a case or a trace as a timeline; each opens to the record behind it. */
import { Timeline } from '@mantine/core';
import {
  IconActivity,
  IconAlertTriangle,
  IconBroadcast,
  IconCheck,
  IconClockPause,
  IconMailX,
  IconSend,
} from '@tabler/icons-react';
import { Link } from 'react-router';
import type { Fact, TraceEntry } from '../api/types';
import type { Words } from '../i18n/use-words';
import { useWords } from '../i18n/use-words';
import { Json } from './json';
import { Tag } from './tags';
import { At } from './times';

const icons = {
  fact: IconBroadcast,
  run: IconActivity,
  case: IconAlertTriangle,
  wait: IconClockPause,
  effect: IconSend,
  acknowledgement: IconCheck,
  'dead-letter': IconMailX,
} as const;

export function EntryTimeline({
  entries,
  linkCases = false,
}: {
  entries: TraceEntry[];
  linkCases?: boolean;
}) {
  const { t } = useWords();
  if (entries.length === 0) return <p className="dim">{t('timeline.none')}</p>;
  return (
    <Timeline bulletSize={26} lineWidth={2} color="sea">
      {entries.map((entry) => (
        <Entry key={`${entry.kind} ${entry.id}`} entry={entry} linkCase={linkCases} />
      ))}
    </Timeline>
  );
}

function Entry({ entry, linkCase }: { entry: TraceEntry; linkCase: boolean }) {
  const words = useWords();
  const { t } = words;
  const Icon = icons[entry.kind];
  const { title, by, reason } = wordsOf(entry, words);
  return (
    <Timeline.Item
      bullet={<Icon size={14} aria-hidden />}
      title={<span style={{ fontSize: '0.9rem' }}>{title}</span>}
    >
      <div
        className="dim"
        style={{ fontSize: '0.78rem', display: 'flex', gap: 8, flexWrap: 'wrap', alignItems: 'center' }}
      >
        <At at={entry.at} />
        <span>{t(`kind.${entry.kind}`)}</span>
        {entry.partner !== undefined && <span>{entry.partner}</span>}
        {by !== undefined && <span>{t('timeline.by', { who: by })}</span>}
        {entry.late === true && <Tag tone="s3">{t('trace.late')}</Tag>}
        {entry.retracted === true && <Tag tone="s1">{t('trace.retracted')}</Tag>}
        {linkCase && entry.caseId !== undefined && (
          <Link className="link" to={`/cases/${entry.caseId}`} style={{ lineHeight: '24px' }}>
            {t('timeline.case')}
          </Link>
        )}
      </div>
      {reason !== undefined && <p style={{ margin: '4px 0', fontSize: '0.86rem' }}>{reason}</p>}
      <details>
        <summary className="dim" style={{ fontSize: '0.76rem', lineHeight: '24px', cursor: 'pointer' }}>
          {t('timeline.record')}
        </summary>
        <Json value={entry.record} label={t('timeline.record')} maxHeight={260} />
      </details>
    </Timeline.Item>
  );
}

interface CaseRecord {
  type?: string;
  from?: string | null;
  to?: string;
  by?: string;
  reason?: string;
}

/** Events whose state has the same name. */
const saysItAll = new Set([
  'detect',
  'enrich',
  'requestDecision',
  'verify',
  'close',
  'suppress',
  'cancel',
  'stepsDispatched',
]);

/** Moves of a case are said in the reader's language; other entries have their own words from the systems they came from. */
function wordsOf(
  entry: TraceEntry,
  { t, say, operationWords }: Words,
): { title: string; by?: string; reason?: string } {
  const record = (entry.record ?? {}) as CaseRecord & { operation?: string; state?: string; kind?: string };
  if (entry.kind === 'case' && record.type !== undefined) {
    const moved = record.from !== record.to && record.to !== undefined && !saysItAll.has(record.type);
    const event = say('event', record.type);
    return {
      title: moved ? t('timeline.moved', { event, state: say('state', record.to ?? '') }) : event,
      ...(record.by !== undefined && { by: record.by }),
      ...(record.reason !== undefined && { reason: record.reason }),
    };
  }
  if (entry.kind === 'effect')
    return {
      title: t('timeline.effect', {
        operation: operationWords(record.operation ?? ''),
        state: say('effect', record.state ?? ''),
      }),
    };
  if (entry.kind === 'acknowledgement')
    return {
      title: t('story.shows', {
        operation: operationWords(record.operation ?? ''),
        partner: entry.partner ?? '',
      }),
    };
  if (entry.kind === 'run')
    return {
      title: t('timeline.run', {
        kind: say('runKind', record.kind ?? ''),
        state: say('runState', record.state ?? ''),
      }),
    };
  if (entry.kind === 'fact') return { title: factWords(entry, say) };
  return { title: entry.title };
}

/** What the fact says in the reader's language, and in the partner's own words behind it. */
function factWords(entry: TraceEntry, say: Words['say']): string {
  const { data } = (entry.record as Fact).event;
  const what = data.exception
    ? say('code', data.exception.code)
    : data.milestone && say('milestone', data.milestone);
  const theirs = data.sourceCode?.text ?? data.sourceCode?.status;
  return [what, theirs].filter((part) => part !== undefined).join(' · ') || entry.title;
}
