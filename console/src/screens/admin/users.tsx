import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post } from '../../api/client';
import type { Paged, Role, User } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { ReasonDialog } from '../../parts/reason-dialog';
import { Tag } from '../../parts/tags';
import { Since } from '../../parts/times';
import { LimitFields, type Limits, limitsOf, noLimits, scopeOf } from './limit-fields';
import { RoleSelect } from './role-select';

type UserChange = 'disable' | 'enable' | 'role' | 'password' | 'signOut';
type Asking = { action: UserChange; user: User } | 'add';

export function Users() {
  const { t, say } = useWords();
  const [asking, setAsking] = useState<Asking>();
  const query = useQuery({ queryKey: ['users'], queryFn: () => get<Paged<User>>('users', { limit: 200 }) });
  return (
    <Panel
      title={t('admin.users')}
      actions={
        <Button size="sm" onClick={() => setAsking('add')}>
          {t('users.add')}
        </Button>
      }
    >
      <Asked query={query}>
        {({ items }) => (
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">{t('signIn.name')}</th>
                <th scope="col">{t('users.role')}</th>
                <th scope="col">{t('users.lastSignIn')}</th>
                <th scope="col">
                  <span className="visually-hidden">{t('users.actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((user) => (
                <tr key={user.id}>
                  <td>
                    {user.name} {user.state === 'disabled' && <Tag tone="s4">{t('users.disabled')}</Tag>}
                    {user.external && <Tag tone="info">OIDC</Tag>}
                  </td>
                  <td>
                    {say('role', user.role)}
                    <div className="dim" style={{ fontSize: '0.8rem' }}>
                      {[...(user.scope?.regions ?? []), ...(user.scope?.partners ?? [])].join(', ')}
                    </div>
                  </td>
                  <td>{user.lastSignInAt === undefined ? '–' : <Since at={user.lastSignInAt} />}</td>
                  <td style={{ textAlign: 'right' }}>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      onClick={() => setAsking({ action: 'role', user })}
                    >
                      {t('users.changeRole')}
                    </Button>
                    {user.hasPassword && (
                      <Button
                        size="compact-sm"
                        variant="subtle"
                        onClick={() => setAsking({ action: 'password', user })}
                      >
                        {t('users.password')}
                      </Button>
                    )}
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      onClick={() => setAsking({ action: 'signOut', user })}
                    >
                      {t('users.signOut')}
                    </Button>
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      onClick={() =>
                        setAsking({ action: user.state === 'active' ? 'disable' : 'enable', user })
                      }
                    >
                      {user.state === 'active' ? t('users.disable') : t('users.enable')}
                    </Button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Asked>
      {asking === 'add' && <AddUser onClose={() => setAsking(undefined)} />}
      {asking !== undefined && asking !== 'add' && (
        <ChangeUser {...asking} onClose={() => setAsking(undefined)} />
      )}
    </Panel>
  );
}

function useUserWrite(path: string, onClose: () => void) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: object) => post(path, body),
    onSuccess: onClose,
    onSettled: () => client.invalidateQueries({ queryKey: ['users'] }),
  });
}

function AddUser({ onClose }: { onClose(): void }) {
  const { t } = useWords();
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [role, setRole] = useState<Role>('operator');
  const [limits, setLimits] = useState<Limits>(noLimits);
  const add = useUserWrite('users', onClose);
  return (
    <ReasonDialog
      title={t('users.add')}
      consequence={t('users.addConsequence')}
      submit={t('users.add')}
      busy={add.isPending}
      error={add.error?.message}
      ready={name.trim() !== '' && password !== ''}
      onClose={onClose}
      onSubmit={(reason) =>
        add.mutate({
          name: name.trim(),
          role,
          password,
          reason,
          ...(scopeOf(limits) && { scope: scopeOf(limits) }),
        })
      }
    >
      <TextInput
        label={t('signIn.name')}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        autoComplete="off"
      />
      <NewPassword value={password} onChange={setPassword} />
      <RoleSelect value={role} onChange={setRole} />
      <LimitFields value={limits} onChange={setLimits} />
    </ReasonDialog>
  );
}

function ChangeUser({ action, user, onClose }: { action: UserChange; user: User; onClose(): void }) {
  const { t } = useWords();
  const [role, setRole] = useState<Role>(user.role);
  const [limits, setLimits] = useState<Limits>(limitsOf(user.scope));
  const [password, setPassword] = useState('');
  const change = useUserWrite(`users/${encodeURIComponent(user.id)}/actions`, onClose);
  const title = action === 'role' ? t('users.changeRole') : t(`users.${action}`);
  return (
    <ReasonDialog
      title={`${title}: ${user.name}`}
      consequence={t(`users.${action}Consequence`)}
      submit={title}
      danger={action === 'disable'}
      busy={change.isPending}
      error={change.error?.message}
      onClose={onClose}
      ready={action !== 'password' || password !== ''}
      onSubmit={(reason) => {
        if (action === 'role')
          change.mutate({ action: 'change', role, scope: scopeOf(limits) ?? null, reason });
        else change.mutate({ action, reason, ...(action === 'password' && { password }) });
      }}
    >
      {action === 'role' && (
        <>
          <RoleSelect value={role} onChange={setRole} />
          <LimitFields value={limits} onChange={setLimits} />
        </>
      )}
      {action === 'password' && <NewPassword value={password} onChange={setPassword} />}
    </ReasonDialog>
  );
}

function NewPassword({ value, onChange }: { value: string; onChange(value: string): void }) {
  const { t } = useWords();
  return (
    <PasswordInput
      label={t('signIn.password')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
      autoComplete="new-password"
      visibilityToggleButtonProps={{ 'aria-label': t('signIn.show') }}
    />
  );
}
