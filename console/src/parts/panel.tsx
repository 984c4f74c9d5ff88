import { Group, Title } from '@mantine/core';
import { type ReactNode, useId } from 'react';

interface PanelProps {
  title: string;
  /** One line below the title: what is meant, over which time. */
  note?: string | undefined;
  actions?: ReactNode;
  children: ReactNode;
}

export function Panel({ title, note, actions, children }: PanelProps) {
  const id = useId();
  return (
    <section className="panel" aria-labelledby={id}>
      <Group justify="space-between" align="flex-start" mb={10} gap="xs" wrap="nowrap">
        <div>
          <Title order={2} id={id}>
            {title}
          </Title>
          {note !== undefined && (
            <p className="dim" style={{ margin: '2px 0 0', fontSize: '0.8rem' }}>
              {note}
            </p>
          )}
        </div>
        {actions}
      </Group>
      {children}
    </section>
  );
}
