import { Button, Group } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { download, post } from '../../api/client';
import { replayQuery } from '../../api/queries';
import type { ReplayDetail } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { ReasonDialog } from '../../parts/reason-dialog';
import { Screen } from '../../parts/screen';
import { At } from '../../parts/times';
import { Items } from './items';
import { PlanDialog, type Select } from './plan-dialog';
import { OutcomeTag, ReplayStateTag } from './replay-state';

type Move = 'start' | 'pause' | 'cancel';
const movesOf: Record<string, readonly Move[]> = {
  planned: ['start', 'cancel'],
  running: ['pause', 'cancel'],
  paused: ['start', 'cancel'],
};

/** One replay: its plan, what each item would do or did, and the hand on the brake. */
export function ReplayScreen() {
  const { id = '' } = useParams();
  const { t } = useWords();
  const query = useQuery({
    ...replayQuery(id),
    // Items end without an event of their own.
    refetchInterval: ({ state }) => (state.data?.replay.state === 'running' ? 1_500 : false),
  });
  return (
    <Screen
      title={query.data?.replay.name ?? t('replay.title')}
      actions={query.data && <Moves detail={query.data} />}
    >
      <Asked query={query}>{(detail) => <Detail detail={detail} />}</Asked>
    </Screen>
  );
}

function Detail({ detail }: { detail: ReplayDetail }) {
  const { t, say, number } = useWords();
  const { replay, progress } = detail;
  return (
    <>
      <Panel title={say('replayMode', replay.mode)} note={replay.reason}>
        <Group gap="md" style={{ fontSize: '0.86rem' }}>
          <ReplayStateTag state={replay.state} />
          <span className="dim">
            {t('replay.by', { who: replay.by })} <At at={replay.createdAt} />
          </span>
          {replay.mode === 'live' && (
            <span className="dim">
              {t('replay.limits', {
                rate: replay.ratePerSecond,
                canary: replay.canary ?? '–',
                stop: replay.stopAfterFailures ?? '–',
              })}
            </span>
          )}
        </Group>
        <Group gap="sm" mt="sm" role="status" aria-label={t('replay.progress')}>
          <strong>{t('replay.items', { count: number(progress.total) })}</strong>
          {Object.entries(progress.byOutcome).map(([outcome, count]) => (
            <span key={outcome} style={{ display: 'inline-flex', gap: 4 }}>
              <OutcomeTag outcome={outcome} /> {number(count ?? 0)}
            </span>
          ))}
        </Group>
      </Panel>
      <Items items={detail.items} more={detail.nextCursor !== null} />
    </>
  );
}

function Moves({ detail: { replay, progress } }: { detail: ReplayDetail }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [asking, setAsking] = useState<Move>();
  const [planning, setPlanning] = useState(false);
  const move = useMutation({
    mutationFn: ({ name, reason }: { name: Move; reason: string }) =>
      post(`replays/${encodeURIComponent(replay.id)}/${name}`, { reason }),
    onSuccess: () => setAsking(undefined),
    onSettled: () => client.invalidateQueries({ queryKey: ['replay', replay.id] }),
  });
  const moves = replay.mode === 'live' ? (movesOf[replay.state] ?? []) : [];
  return (
    <>
      {moves.map((name) => (
        <Button
          key={name}
          size="sm"
          variant={name === 'start' ? 'filled' : 'default'}
          onClick={() => setAsking(name)}
        >
          {t(replay.state === 'paused' && name === 'start' ? 'replay.resume' : `replay.${name}`)}
        </Button>
      ))}
      {replay.mode === 'preview' && replay.state === 'done' && (
        <Button size="sm" onClick={() => setPlanning(true)}>
          {t('replay.carryOut')}
        </Button>
      )}
      <Button
        size="sm"
        variant="default"
        onClick={() =>
          void download(`replays/${encodeURIComponent(replay.id)}/receipt`, `replay-${replay.id}.ndjson`)
        }
      >
        {t('replay.receipt')}
      </Button>
      {planning && (
        <PlanDialog
          select={selectOf(replay.selection)}
          count={progress.total}
          name={replay.name}
          mode="live"
          onClose={() => setPlanning(false)}
        />
      )}
      {asking !== undefined && (
        <ReasonDialog
          title={t(`replay.${asking}`)}
          consequence={t(`replay.${asking}.consequence`)}
          submit={t(`replay.${asking}`)}
          danger={asking === 'cancel'}
          busy={move.isPending}
          error={move.error?.message}
          onClose={() => setAsking(undefined)}
          onSubmit={(reason) => move.mutate({ name: asking, reason })}
        />
      )}
    </>
  );
}

/** The selection as it was asked for. */
function selectOf(selection: unknown): Select {
  const { ids, filter } = (selection ?? {}) as { ids?: string[]; filter?: Record<string, string | number> };
  if (ids) return { ids };
  const entries = Object.entries(filter ?? {}).map(([name, value]) => [
    name,
    typeof value === 'number' ? new Date(value).toISOString() : value,
  ]);
  return { filter: Object.fromEntries(entries) };
}
