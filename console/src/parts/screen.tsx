import { Group, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactNode } from 'react';

interface ScreenProps {
  title: string;
  /** Beside the title: buttons, links. */
  actions?: ReactNode;
  children: ReactNode;
}

export function Screen({ title, actions, children }: ScreenProps) {
  useDocumentTitle(`${title} · Reroute`);
  return (
    <div style={{ display: 'grid', gap: 16, maxWidth: 1680, marginInline: 'auto' }}>
      <Group justify="space-between" gap="sm">
        <Title order={1}>{title}</Title>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </div>
  );
}
