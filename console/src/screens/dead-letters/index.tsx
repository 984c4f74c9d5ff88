import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSearchParams } from 'react-router';
import { letterGroupsQuery } from '../../api/queries';
import type { DeadLetterGroup } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { Screen } from '../../parts/screen';
import { Tag } from '../../parts/tags';
import { Since } from '../../parts/times';
import { PlanDialog } from '../replays/plan-dialog';
import { GroupLetters } from './group-letters';

const filters = ['partner', 'reason', 'fingerprint'] as const;

/** What cannot proceed, grouped by what is wrong: one cause is repaired once. */
export function DeadLetters() {
  const { t } = useWords();
  const [params, setParams] = useSearchParams();
  const query = Object.fromEntries(
    filters.flatMap((name) => {
      const value = params.get(name);
      return value === null ? [] : [[name, value]];
    }),
  );
  const groups = useQuery(letterGroupsQuery(query));
  return (
    <Screen title={t('nav.deadLetters')}>
      <form
        style={{ display: 'flex', gap: 8, flexWrap: 'wrap', alignItems: 'end' }}
        onSubmit={(event) => {
          event.preventDefault();
          const form = new FormData(event.currentTarget);
          const entries = filters.map((name) => [name, String(form.get(name) ?? '').trim()] as const);
          setParams(Object.fromEntries(entries.filter(([, value]) => value !== '')));
        }}
      >
        <TextInput
          name="partner"
          label={t('field.partner')}
          defaultValue={params.get('partner') ?? ''}
          size="sm"
        />
        <TextInput
          name="reason"
          label={t('letters.reason')}
          defaultValue={params.get('reason') ?? ''}
          size="sm"
        />
        <Button type="submit" variant="default" size="sm">
          {t('letters.filter')}
        </Button>
      </form>
      <Asked query={groups}>
        {({ items }) =>
          items.length === 0 ? (
            <Panel title={t('letters.noneTitle')}>
              <p className="dim">{t('letters.none')}</p>
            </Panel>
          ) : (
            items.map((group) => <Group key={group.fingerprint} group={group} open={items.length === 1} />)
          )
        }
      </Asked>
    </Screen>
  );
}

function Group({ group, open }: { group: DeadLetterGroup; open: boolean }) {
  const { t, number } = useWords();
  const [shown, setShown] = useState(open);
  const [planning, setPlanning] = useState(false);
  const { sample, count, latestAt, fingerprint } = group;
  return (
    <Panel
      title={`${sample.partner ?? sample.kind}: ${sample.reason.code}`}
      note={sample.reason.message}
      actions={
        <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap', justifyContent: 'flex-end' }}>
          <Button size="xs" variant="default" onClick={() => setShown(!shown)} aria-expanded={shown}>
            {shown ? t('letters.hide') : t('letters.show')}
          </Button>
          <Button size="xs" onClick={() => setPlanning(true)}>
            {t('letters.plan')}
          </Button>
        </div>
      }
    >
      <div style={{ display: 'flex', gap: 10, flexWrap: 'wrap', alignItems: 'center', fontSize: '0.85rem' }}>
        <Tag tone="s2">{t('letters.count', { count: number(count) })}</Tag>
        {sample.operation !== undefined && <span>{sample.operation}</span>}
        <span className="dim">
          {t('letters.latest')} <Since at={latestAt} />
        </span>
        {sample.reason.hint !== undefined && <span className="dim">{sample.reason.hint}</span>}
      </div>
      {shown && <GroupLetters fingerprint={fingerprint} />}
      {planning && (
        <PlanDialog
          select={{ filter: { fingerprint } }}
          count={count}
          name={`${sample.partner ?? sample.kind} ${sample.reason.code}`}
          onClose={() => setPlanning(false)}
        />
      )}
    </Panel>
  );
}
