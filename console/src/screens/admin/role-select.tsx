import { NativeSelect } from '@mantine/core';
import type { Role } from '../../api/types';
import { useWords } from '../../i18n/use-words';

const roles: readonly Role[] = ['viewer', 'operator', 'supervisor', 'analyst', 'admin'];

export function RoleSelect({ value, onChange }: { value: Role; onChange(role: Role): void }) {
  const { t, say } = useWords();
  return (
    <NativeSelect
      label={t('users.role')}
      value={value}
      onChange={(event) => onChange(roles.find((role) => role === event.currentTarget.value) ?? value)}
      data={roles.map((role) => ({ value: role, label: say('role', role) }))}
    />
  );
}
