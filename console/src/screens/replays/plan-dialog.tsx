/** A plan has a name and a reason. It is looked at first, item by item; carried out it goes on from there. */
import { NumberInput, SegmentedControl, SimpleGrid, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { post } from '../../api/client';
import type { Replay } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { ReasonDialog } from '../../parts/reason-dialog';

export type Select = { ids: string[] } | { filter: Record<string, string> };

interface PlanDialogProps {
  select: Select;
  count: number;
  name: string;
  edit?: Record<string, string>;
  /** A preview is what one begins with; what has been looked at is carried out. */
  mode?: 'preview' | 'live';
  onClose(): void;
}

export function PlanDialog({
  select,
  count,
  name: firstName,
  edit,
  mode: firstMode = 'preview',
  onClose,
}: PlanDialogProps) {
  const { t, number } = useWords();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [mode, setMode] = useState<'preview' | 'live'>(firstMode);
  const [name, setName] = useState(firstName.slice(0, 200));
  const [limits, setLimits] = useState({ canary: 1, ratePerSecond: 5, stopAfterFailures: 3 });
  const create = useMutation({
    mutationFn: (reason: string) =>
      post<{ replay: Replay }>('replays', {
        name: name.trim(),
        reason,
        mode,
        select,
        ...(edit && { edit }),
        ...(mode === 'live' && { ...limits, ...(count <= limits.canary && { canary: undefined }) }),
      }),
    onSuccess: async ({ replay }) => {
      await client.invalidateQueries({ queryKey: ['replays'] });
      await navigate(`/replays/${replay.id}`);
    },
  });
  const limit = (field: keyof typeof limits, label: string, most: number) => (
    <NumberInput
      label={label}
      min={1}
      max={most}
      value={limits[field]}
      onChange={(value) => setLimits((before) => ({ ...before, [field]: Number(value) || 1 }))}
    />
  );
  return (
    <ReasonDialog
      title={t('plan.title', { count: number(count) })}
      consequence={mode === 'preview' ? t('plan.previewConsequence') : t('plan.liveConsequence')}
      submit={mode === 'preview' ? t('plan.preview') : t('plan.live')}
      busy={create.isPending}
      error={create.error?.message}
      ready={name.trim() !== ''}
      onClose={onClose}
      onSubmit={(reason) => create.mutate(reason)}
    >
      <SegmentedControl
        aria-label={t('plan.mode')}
        value={mode}
        onChange={(value) => setMode(value === 'live' ? 'live' : 'preview')}
        data={[
          { value: 'preview', label: t('plan.preview') },
          { value: 'live', label: t('plan.live') },
        ]}
      />
      <TextInput
        label={t('plan.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        maxLength={200}
      />
      {mode === 'live' && (
        <SimpleGrid cols={3} spacing="xs">
          {limit('canary', t('plan.canary'), 1000)}
          {limit('ratePerSecond', t('plan.rate'), 1000)}
          {limit('stopAfterFailures', t('plan.stop'), 10_000)}
        </SimpleGrid>
      )}
    </ReasonDialog>
  );
}
