import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client';
import { meQuery } from '../../api/queries';
import type { Inspection, Partner } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Failure } from '../../parts/failure';
import { Panel } from '../../parts/panel';
import { ReadAs } from '../dead-letters/read-as';

/** A payload is tried: what it would be read as, with nothing recorded and nothing sent. */
export function TestDelivery({ partner }: { partner: Partner }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const [body, setBody] = useState('');
  const [mediaType, setMediaType] = useState('application/json');
  const check = useMutation({
    mutationFn: () =>
      post<Inspection>(`partners/${encodeURIComponent(partner.id)}/inspections`, { body, mediaType }),
  });
  if (me?.roles.includes('operator') !== true) return null;
  return (
    <Panel title={t('try.title')} note={t('try.note')}>
      <form
        style={{ display: 'grid', gap: 10 }}
        onSubmit={(event) => {
          event.preventDefault();
          check.mutate();
        }}
      >
        <TextInput
          label={t('try.mediaType')}
          value={mediaType}
          onChange={(event) => setMediaType(event.currentTarget.value)}
          maw={280}
        />
        <Textarea
          label={t('try.payload')}
          value={body}
          onChange={(event) => setBody(event.currentTarget.value)}
          autosize
          minRows={6}
          maxRows={18}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        />
        <Button
          type="submit"
          loading={check.isPending}
          disabled={body.trim() === ''}
          style={{ justifySelf: 'start' }}
        >
          {t('try.submit')}
        </Button>
      </form>
      {check.error && <Failure error={check.error} />}
      {check.data && (
        <div style={{ marginTop: 14 }} role="status">
          <ReadAs inspection={check.data} />
        </div>
      )}
    </Panel>
  );
}
