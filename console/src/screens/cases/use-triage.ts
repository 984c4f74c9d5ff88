/** The two moves of triage that need no more than a key; what became of them is said. */
import { notifications } from '@mantine/notifications';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { post } from '../../api/client';
import { meQuery } from '../../api/queries';
import type { Case } from '../../api/types';
import { useWords } from '../../i18n/use-words';

type Target = Pick<Case, 'id' | 'version' | 'code'>;

export function useTriage() {
  const { t, say } = useWords();
  const client = useQueryClient();
  const { data: me } = useQuery(meQuery);
  const act = useMutation({
    mutationFn: ({ item, action }: { item: Target; action: object }) =>
      post(`cases/${encodeURIComponent(item.id)}/actions`, { ...action, expectedVersion: item.version }),
    onSuccess: (_answer, { item }) => {
      notifications.show({ message: t('triage.done', { case: say('code', item.code) }), color: 'teal' });
      return Promise.all([
        client.invalidateQueries({ queryKey: ['cases'] }),
        client.invalidateQueries({ queryKey: ['case', item.id] }),
      ]);
    },
    onError: (error) => {
      notifications.show({ message: error.message, color: 'red' });
      void client.invalidateQueries({ queryKey: ['cases'] });
    },
  });
  const reason = t('triage.reason');
  return {
    assignToMe: (item: Target) => {
      if (me) act.mutate({ item, action: { action: 'assign', assignee: me.actor, reason } });
    },
    takeOver: (item: Target) => act.mutate({ item, action: { action: 'takeOver', reason } }),
  };
}
