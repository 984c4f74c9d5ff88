import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api/client';
import type { Paged, Session } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { ReasonDialog } from '../../parts/reason-dialog';
import { Tag } from '../../parts/tags';
import { Since } from '../../parts/times';

export function Sessions() {
  const { t } = useWords();
  const client = useQueryClient();
  const [asking, setAsking] = useState<Session>();
  const query = useQuery({ queryKey: ['sessions'], queryFn: () => get<Paged<Session>>('sessions') });
  const revoke = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      post(`sessions/${encodeURIComponent(id)}/revoke`, { reason }),
    onSuccess: () => setAsking(undefined),
    onSettled: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
  return (
    <Panel title={t('admin.sessions')} note={t('sessions.note')}>
      <Asked query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <span className="dim">{t('sessions.none')}</span>
          ) : (
            <table className="grid">
              <thead>
                <tr>
                  <th scope="col">{t('sessions.where')}</th>
                  <th scope="col">{t('sessions.seen')}</th>
                  <th scope="col">
                    <span className="visually-hidden">{t('users.actions')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((session) => (
                  <tr key={session.id}>
                    <td>
                      {session.address} {session.current && <Tag tone="good">{t('sessions.current')}</Tag>}
                      <div className="dim" style={{ fontSize: '0.8rem' }}>
                        {session.agent}
                      </div>
                    </td>
                    <td>
                      <Since at={session.seenAt} />
                    </td>
                    <td style={{ textAlign: 'right' }}>
                      <Button size="compact-sm" variant="subtle" onClick={() => setAsking(session)}>
                        {t('sessions.end')}
                      </Button>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )
        }
      </Asked>
      {asking !== undefined && (
        <ReasonDialog
          title={t('sessions.end')}
          consequence={t('sessions.endConsequence')}
          submit={t('sessions.end')}
          busy={revoke.isPending}
          error={revoke.error?.message}
          onClose={() => setAsking(undefined)}
          onSubmit={(reason) => revoke.mutate({ id: asking.id, reason })}
        />
      )}
    </Panel>
  );
}
