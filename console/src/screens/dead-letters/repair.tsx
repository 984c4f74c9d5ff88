/** The payload and what it is read as, side by side; the place of the error; and an edit that is checked before it is replayed. */
import { Button, Group, Textarea } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { ApiError, getText, post } from '../../api/client';
import { meQuery } from '../../api/queries';
import type { DeadLetter, Inspection } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Failure } from '../../parts/failure';
import { Panel } from '../../parts/panel';
import { PlanDialog } from '../replays/plan-dialog';
import { Changes } from './changes';
import { Payload } from './payload';
import { ReadAs } from './read-as';

export function Repair({ letter }: { letter: DeadLetter }) {
  const { t } = useWords();
  const [asked, setAsked] = useState(false);
  const path = `dead-letters/${encodeURIComponent(letter.id)}/raw`;
  const raw = useQuery({
    queryKey: ['raw', letter.id],
    queryFn: () => getText(path),
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (!asked)
    return (
      <Panel title={t('repair.title')} note={t('repair.audited')}>
        <Button onClick={() => setAsked(true)}>{t('repair.show')}</Button>
      </Panel>
    );
  if (raw.error instanceof ApiError && raw.error.status === 404) return <WithoutPayload letter={letter} />;
  if (raw.error) return <Failure error={raw.error} />;
  if (!raw.data) return null;
  return <Editor letter={letter} original={raw.data.text} />;
}

/** A run of a case, or an effect: there is nothing to correct, but it can go on once its cause is gone. */
function WithoutPayload({ letter }: { letter: DeadLetter }) {
  const { t } = useWords();
  const [planning, setPlanning] = useState(false);
  return (
    <Panel title={t('repair.title')} note={t('repair.without')}>
      {letter.state === 'open' && <Button onClick={() => setPlanning(true)}>{t('letters.plan')}</Button>}
      {planning && (
        <PlanDialog
          select={{ ids: [letter.id] }}
          count={1}
          name={letter.reason.code}
          onClose={() => setPlanning(false)}
        />
      )}
    </Panel>
  );
}

function Editor({ letter, original }: { letter: DeadLetter; original: string }) {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const [text, setText] = useState<string>();
  const [planning, setPlanning] = useState(false);
  const editing = text !== undefined;
  const current = text ?? original;
  const inspection = useQuery({
    queryKey: ['inspection', letter.partner, original],
    queryFn: () => inspect(letter, original, original),
    enabled: letter.partner !== undefined,
    retry: false,
  });
  const check = useMutation({ mutationFn: () => inspect(letter, current, original) });
  const shown = editing ? check.data : inspection.data;
  const changed = editing && text !== original;
  const checked = check.data !== undefined && check.variables === undefined;
  const refused = check.data?.changes.some(({ allowed }) => !allowed) === true;
  return (
    <Panel title={t('repair.title')} note={t('repair.note')}>
      <div
        style={{
          display: 'grid',
          gap: 16,
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(420px, 100%), 1fr))',
        }}
      >
        <div style={{ minWidth: 0 }}>
          <h3 style={{ margin: '0 0 6px', fontSize: '0.85rem' }}>{t('repair.raw')}</h3>
          {editing ? (
            <Textarea
              aria-label={t('repair.raw')}
              value={current}
              onChange={(event) => {
                setText(event.currentTarget.value);
                check.reset();
              }}
              autosize
              minRows={14}
              maxRows={26}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
            />
          ) : (
            <Payload
              text={original}
              places={(shown?.reports ?? []).flatMap(({ at }) => (at === undefined ? [] : [at]))}
            />
          )}
        </div>
        <div style={{ minWidth: 0 }}>
          <h3 style={{ margin: '0 0 6px', fontSize: '0.85rem' }}>{t('repair.canonical')}</h3>
          {shown ? <ReadAs inspection={shown} /> : <p className="dim">{t('repair.unchecked')}</p>}
          {editing && check.data && <Changes changes={check.data.changes} />}
        </div>
      </div>
      {(check.error ?? inspection.error) && <Failure error={check.error ?? inspection.error} />}
      <Group mt="md" gap="xs">
        {!editing && me?.roles.includes('supervisor') === true && (
          <Button variant="default" onClick={() => setText(pretty(original))}>
            {t('repair.edit')}
          </Button>
        )}
        {editing && (
          <>
            <Button variant="default" onClick={() => setText(undefined)}>
              {t('repair.discard')}
            </Button>
            <Button loading={check.isPending} onClick={() => check.mutate()}>
              {t('repair.check')}
            </Button>
          </>
        )}
        {letter.state === 'open' && (
          <Button
            variant={editing ? 'filled' : 'default'}
            disabled={changed && (!checked || refused)}
            onClick={() => setPlanning(true)}
          >
            {changed ? t('repair.replayEdited') : t('repair.replay')}
          </Button>
        )}
      </Group>
      {planning && (
        <PlanDialog
          select={{ ids: [letter.id] }}
          count={1}
          name={letter.reason.code}
          {...(changed && { edit: { [letter.id]: current } })}
          onClose={() => setPlanning(false)}
        />
      )}
    </Panel>
  );
}

function inspect(letter: DeadLetter, body: string, original: string): Promise<Inspection> {
  const path = `partners/${encodeURIComponent(letter.partner ?? '')}/inspections`;
  return post<Inspection>(path, {
    body,
    original,
    mediaType: isJson(body) ? 'application/json' : 'text/plain',
  });
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
