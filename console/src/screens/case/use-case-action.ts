import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '../../api/client';
import type { Case } from '../../api/types';
import { useWords } from '../../i18n/use-words';

/** Gives a command to a case at the version that is on the screen; a case that has moved on is read again. */
export function useCaseAction(state: Case) {
  const { t } = useWords();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (action: { action: string; reason: string } & Record<string, unknown>) =>
      post(`cases/${encodeURIComponent(state.id)}/actions`, { ...action, expectedVersion: state.version }),
    onSuccess: () => notifications.show({ message: t('case.done'), color: 'teal' }),
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['case', state.id] }),
        client.invalidateQueries({ queryKey: ['cases'] }),
      ]),
  });
}
