import { Button, Group } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api/client';
import { casePageSize, meQuery } from '../../api/queries';
import type { BulkOutcome, Case, Paged } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { ReasonDialog } from '../../parts/reason-dialog';
import classes from './cases.module.css';
import type { Selection } from './selection';
import type { View } from './view';

/** As many as one bulk action takes. */
const most = 500;
const bulkActions = [
  'assign',
  'takeOver',
  'handBack',
  'close',
  'escalate',
  'note',
  'suppress',
  'cancel',
] as const;
type BulkName = (typeof bulkActions)[number];
const supervisors = new Set<BulkName>(['suppress', 'cancel']);
const suppressedForMs = 7 * 24 * 3_600_000;

export function BulkBar({ selection, view, total }: { selection: Selection; view: View; total: number }) {
  const { t, number, clockTime } = useWords();
  const { data: me } = useQuery(meQuery);
  const [asking, setAsking] = useState<BulkName>();
  const run = useBulk(selection);
  const all = useSelectAll(selection, view);
  const mayDo = (action: BulkName): boolean =>
    me?.roles.includes(supervisors.has(action) ? 'supervisor' : 'operator') === true;
  return (
    <section className={classes.bulk} aria-label={t('bulk.title')}>
      <strong>{t('bulk.chosen', { count: number(selection.size) })}</strong>
      <span className="dim">{t('bulk.frozen', { time: clockTime(selection.since ?? Date.now()) })}</span>
      {selection.size < Math.min(total, most) && (
        <Button variant="subtle" size="compact-sm" loading={all.isPending} onClick={() => all.mutate()}>
          {t('bulk.all', { count: number(Math.min(total, most)) })}
        </Button>
      )}
      <Group gap={6} ml="auto">
        {bulkActions.filter(mayDo).map((action) => (
          <Button key={action} size="compact-sm" variant="default" onClick={() => setAsking(action)}>
            {t(`action.${action}`)}
          </Button>
        ))}
        <Button size="compact-sm" variant="subtle" onClick={selection.clear}>
          {t('bulk.clear')}
        </Button>
      </Group>
      {asking !== undefined && (
        <ReasonDialog
          title={t('bulk.confirm', { action: t(`action.${asking}`), count: number(selection.size) })}
          consequence={t(`action.${asking}.consequence`)}
          danger={supervisors.has(asking)}
          submit={t(`action.${asking}`)}
          busy={run.isPending}
          onClose={() => setAsking(undefined)}
          onSubmit={(reason) =>
            run.mutate(
              { action: asking, reason, ...moreOf(asking, me?.actor) },
              { onSettled: () => setAsking(undefined) },
            )
          }
        />
      )}
    </section>
  );
}

function moreOf(action: BulkName, actor: string | undefined): object {
  if (action === 'assign') return { assignee: actor ?? null };
  if (action === 'suppress') return { until: new Date(Date.now() + suppressedForMs).toISOString() };
  return {};
}

function useBulk(selection: Selection) {
  const { t } = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: object) =>
      post<BulkOutcome>('cases/bulk-actions', { ...action, cases: selection.cases() }),
    onSuccess: ({ done, stale, refused }) => {
      notifications.show({
        message: t('bulk.outcome', { done, stale, refused }),
        color: stale + refused > 0 ? 'yellow' : 'teal',
        autoClose: 8_000,
      });
      selection.clear();
      return client.invalidateQueries({ queryKey: ['cases'] });
    },
    onError: (error) => notifications.show({ message: error.message, color: 'red' }),
  });
}

/** Everything that fits the view now, up to what one action takes; what comes later is not part of it. */
function useSelectAll(selection: Selection, view: View) {
  return useMutation({
    mutationFn: async () => {
      const found: Case[] = [];
      let cursor: string | undefined;
      do {
        const page: Paged<Case> = await get('cases', { ...view.query, limit: casePageSize, cursor });
        found.push(...page.items);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined && found.length < most);
      selection.add(found.slice(0, most));
    },
  });
}
