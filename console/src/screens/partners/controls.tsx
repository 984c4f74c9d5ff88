/** Hold, drain, resume and mode, each with what it leads to; a hold says what would gather meanwhile. */
import { Button, SegmentedControl } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client';
import { meQuery, seriesQuery } from '../../api/queries';
import type { Partner } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { ReasonDialog } from '../../parts/reason-dialog';

type Action = 'hold' | 'drain' | 'resume' | 'mode';
const modes = ['observe', 'assist', 'automate'] as const;

export function Controls({ partner }: { partner: Partner }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const [asking, setAsking] = useState<Action>();
  if (me?.roles.includes('supervisor') !== true) return null;
  const held = partner.control?.held === true;
  const offered: Action[] = held ? ['resume', 'mode'] : ['hold', 'drain', 'mode'];
  return (
    <>
      {offered.map((action) => (
        <Button
          key={action}
          size="sm"
          variant={action === 'resume' ? 'filled' : 'default'}
          onClick={() => setAsking(action)}
        >
          {t(`partnerAction.${action}`)}
        </Button>
      ))}
      {asking !== undefined && (
        <Dialog partner={partner} action={asking} onClose={() => setAsking(undefined)} />
      )}
    </>
  );
}

function Dialog({ partner, action, onClose }: { partner: Partner; action: Action; onClose(): void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [mode, setMode] = useState<(typeof modes)[number]>(partner.mode);
  const act = useMutation({
    mutationFn: (reason: string) =>
      post(`partners/${encodeURIComponent(partner.id)}/actions`, {
        action,
        reason,
        ...(action === 'mode' && { mode }),
      }),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: ['partners'] }),
  });
  return (
    <ReasonDialog
      title={`${t(`partnerAction.${action}`)}: ${partner.id}`}
      consequence={
        action === 'mode' ? t(`mode.${mode}.consequence`) : t(`partnerAction.${action}.consequence`)
      }
      submit={t(`partnerAction.${action}`)}
      danger={action === 'hold' || action === 'drain'}
      busy={act.isPending}
      error={act.error?.message}
      onClose={onClose}
      onSubmit={(reason) => act.mutate(reason)}
    >
      {(action === 'hold' || action === 'drain') && <Forecast partner={partner} />}
      {action === 'mode' && (
        <SegmentedControl
          aria-label={t('partners.mode')}
          value={mode}
          onChange={(value) => setMode(modes.find((one) => one === value) ?? partner.mode)}
          data={modes.map((value) => ({ value, label: t(`mode.${value}`) }))}
        />
      )}
    </ReasonDialog>
  );
}

const hours = 2;

/** From what came in lately: how much an hour's hold gathers, and how long it takes to work off. */
function Forecast({ partner }: { partner: Partner }) {
  const { t, number, duration } = useWords();
  const [from] = useState(() => new Date(Date.now() - hours * 3_600_000).toISOString());
  const { data } = useQuery(seriesQuery({ name: 'accepted', by: 'partner', step: 'hour', from }));
  if (!data) return null;
  const lately = data.points
    .filter(({ value }) => value === partner.id)
    .reduce((sum, { count }) => sum + count, 0);
  const perHour = Math.round(lately / hours);
  const workOffMs = ((perHour + partner.backlog) / Math.max(partner.limits.ratePerSecond, 0.01)) * 1000;
  return (
    <p style={{ margin: 0, fontSize: '0.86rem' }} className="dim">
      {t('forecast.text', {
        perHour: number(perHour),
        backlog: number(partner.backlog),
        duration: duration(workOffMs),
      })}
    </p>
  );
}
