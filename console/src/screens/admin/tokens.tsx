import { Alert, Button, Code, CopyButton, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api/client';
import type { Paged, Role, Token } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { ReasonDialog } from '../../parts/reason-dialog';
import { At } from '../../parts/times';
import { RoleSelect } from './role-select';

const dayMs = 24 * 3_600_000;

export function Tokens() {
  const { t, say } = useWords();
  const client = useQueryClient();
  const [made, setMade] = useState<string>();
  const [asking, setAsking] = useState<Token | 'make'>();
  const query = useQuery({ queryKey: ['tokens'], queryFn: () => get<Paged<Token>>('tokens') });
  const revoke = useMutation({
    mutationFn: ({ id, reason }: { id: string; reason: string }) =>
      post(`tokens/${encodeURIComponent(id)}/revoke`, { reason }),
    onSuccess: () => setAsking(undefined),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <Panel
      title={t('admin.tokens')}
      note={t('tokens.note')}
      actions={
        <Button size="sm" onClick={() => setAsking('make')}>
          {t('tokens.make')}
        </Button>
      }
    >
      {made !== undefined && <Made token={made} onClose={() => setMade(undefined)} />}
      <Asked query={query}>
        {({ items }) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">{t('signIn.name')}</th>
                <th scope="col">{t('users.role')}</th>
                <th scope="col">{t('tokens.expires')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('users.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((token) => (
                <tr key={token.id}>
                  <td>{token.name}</td>
                  <td>{say('role', token.role)}</td>
                  <td>{token.expiresAt === undefined ? t('tokens.never') : <At at={token.expiresAt} />}</td>
                  <td style={{ textAlign: 'right' }}>
                    <Button size="compact-sm" variant="subtle" onClick={() => setAsking(token)}>
                      {t('tokens.revoke')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Asked>
      {asking === 'make' && (
        <MakeToken
          onClose={() => setAsking(undefined)}
          onMade={(token) => {
            setMade(token);
            setAsking(undefined);
          }}
        />
      )}
      {asking !== undefined && asking !== 'make' && (
        <ReasonDialog
          title={`${t('tokens.revoke')}: ${asking.name}`}
          consequence={t('tokens.revokeConsequence')}
          submit={t('tokens.revoke')}
          danger
          busy={revoke.isPending}
          error={revoke.error?.message}
          onClose={() => setAsking(undefined)}
          onSubmit={(reason) => revoke.mutate({ id: asking.id, reason })}
        />
      )}
    </Panel>
  );
}

/** It is never shown again. */
function Made({ token, onClose }: { token: string; onClose(): void }) {
  const { t } = useWords();
  return (
    <Alert
      color="teal"
      title={t('tokens.once')}
      mb="md"
      withCloseButton
      onClose={onClose}
      closeButtonLabel={t('common.close')}
    >
      <Code style={{ overflowWrap: 'anywhere' }}>{token}</Code>{' '}
      <CopyButton value={token}>
        {({ copied, copy }) => (
          <Button size="compact-sm" variant="default" onClick={copy}>
            {copied ? t('tokens.copied') : t('tokens.copy')}
          </Button>
        )}
      </CopyButton>
    </Alert>
  );
}

function MakeToken({ onClose, onMade }: { onClose(): void; onMade(token: string): void }) {
  const { t } = useWords();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('viewer');
  const [days, setDays] = useState('90');
  const make = useMutation({
    mutationFn: (reason: string) =>
      post<{ token: string }>('tokens', {
        name: name.trim(),
        role,
        reason,
        expiresAt: new Date(Date.now() + Number(days) * dayMs).toISOString(),
      }),
    onSuccess: ({ token }) => onMade(token),
    onSettled: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  return (
    <ReasonDialog
      title={t('tokens.make')}
      consequence={t('tokens.makeConsequence')}
      submit={t('tokens.make')}
      busy={make.isPending}
      error={make.error?.message}
      ready={name.trim() !== '' && Number(days) >= 1}
      onClose={onClose}
      onSubmit={(reason) => make.mutate(reason)}
    >
      <TextInput
        label={t('signIn.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
      />
      <RoleSelect value={role} onChange={setRole} />
      <TextInput
        type="number"
        min={1}
        max={3650}
        label={t('tokens.days')}
        value={days}
        onChange={(event) => setDays(event.currentTarget.value)}
        required
      />
    </ReasonDialog>
  );
}
