import { Button, TextInput } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'react-router';
import { download, get } from '../../api/client';
import { auditQuery, meQuery } from '../../api/queries';
import type { AuditEntry } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Failure } from '../../parts/failure';
import { Json } from '../../parts/json';
import { Loading } from '../../parts/loading';
import { Panel } from '../../parts/panel';
import { Screen } from '../../parts/screen';
import { Tag } from '../../parts/tags';
import { At } from '../../parts/times';

/** Who did what and why; whether the chains hold; and an export that can be checked elsewhere. */
export function Audit() {
  const { t } = useWords();
  const { data: me } = useQuery(meQuery);
  const [params, setParams] = useSearchParams();
  const subject = params.get('subject') ?? undefined;
  const actor = params.get('actor') ?? undefined;
  const list = useInfiniteQuery(auditQuery({ subject, actor }));
  const entries = list.data?.pages.flatMap(({ items }) => items) ?? [];
  const supervisor = me?.roles.includes('supervisor') === true;
  return (
    <Screen
      title={t('nav.audit')}
      actions={
        supervisor && (
          <Button size="sm" variant="default" onClick={() => void download('audit/export', 'audit.ndjson')}>
            {t('audit.export')}
          </Button>
        )
      }
    >
      {supervisor && <Verify />}
      <Panel title={t('audit.entries')} note={t('audit.note')}>
        <form
          style={{ display: 'flex', gap: 8, flexWrap: 'wrap', alignItems: 'end', marginBottom: 12 }}
          onSubmit={(event) => {
            event.preventDefault();
            const form = new FormData(event.currentTarget);
            const entered = ['subject', 'actor'].map(
              (name) => [name, String(form.get(name) ?? '').trim()] as const,
            );
            setParams(Object.fromEntries(entered.filter(([, value]) => value !== '')));
          }}
        >
          <TextInput
            name="subject"
            label={t('audit.subject')}
            placeholder="case:…"
            defaultValue={subject ?? ''}
            size="sm"
          />
          <TextInput
            name="actor"
            label={t('audit.actor')}
            placeholder="user:…"
            defaultValue={actor ?? ''}
            size="sm"
          />
          <Button type="submit" size="sm" variant="default">
            {t('letters.filter')}
          </Button>
        </form>
        {list.error && <Failure error={list.error} />}
        {list.isPending ? <Loading /> : <Entries entries={entries} />}
        {list.hasNextPage && (
          <Button
            mt="sm"
            size="sm"
            variant="default"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t('audit.more')}
          </Button>
        )}
      </Panel>
    </Screen>
  );
}

function Entries({ entries }: { entries: AuditEntry[] }) {
  const { t } = useWords();
  return (
    <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('audit.entries')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">{t('audit.at')}</th>
            <th scope="col">{t('audit.actor')}</th>
            <th scope="col">{t('audit.action')}</th>
            <th scope="col">{t('audit.why')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={`${entry.partition} ${entry.seq}`}>
              <td>
                <At at={entry.at} />
              </td>
              <td>{entry.actor}</td>
              <td>
                <strong>{entry.action}</strong>{' '}
                {entry.outcome === 'refused' && <Tag tone="s1">{t('audit.refused')}</Tag>}
                <div className="dim mono">{entry.subject}</div>
              </td>
              <td>
                {entry.reason ?? '–'}
                {(entry.before !== undefined || entry.after !== undefined) && (
                  <details>
                    <summary className="dim" style={{ cursor: 'pointer', fontSize: '0.78rem' }}>
                      {t('audit.beforeAfter')}
                    </summary>
                    <Json
                      value={{ before: entry.before, after: entry.after }}
                      label={t('audit.beforeAfter')}
                      maxHeight={220}
                    />
                  </details>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface Verdict {
  ok: boolean;
  entries: number;
  partitions: { partition: number; ok: boolean; brokenAt?: { seq: number; reason: string } }[];
}

function Verify() {
  const { t, number } = useWords();
  const verify = useMutation({ mutationFn: () => get<Verdict>('audit/verify') });
  const broken = verify.data?.partitions.filter(({ ok }) => !ok) ?? [];
  return (
    <Panel
      title={t('verify.title')}
      note={t('verify.note')}
      actions={
        <Button size="sm" loading={verify.isPending} onClick={() => verify.mutate()}>
          {t('verify.submit')}
        </Button>
      }
    >
      <div role="status">
        {verify.error && <Failure error={verify.error} />}
        {verify.data?.ok === true && (
          <Tag tone="good">{t('verify.ok', { count: number(verify.data.entries) })}</Tag>
        )}
        {broken.map(({ partition, brokenAt }) => (
          <Tag key={partition} tone="s1">
            {t('verify.broken', { partition, seq: brokenAt?.seq ?? '?', reason: brokenAt?.reason ?? '?' })}
          </Tag>
        ))}
      </div>
    </Panel>
  );
}
