import { useQuery } from '@tanstack/react-query';
import { seriesQuery } from '../../api/queries';
import type { Partner } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { Tag } from '../../parts/tags';

/** What a new partner needs before it may act; each step tells by itself whether it is done. */
export function Checklist({ partner }: { partner: Partner }) {
  const { t } = useWords();
  const { data } = useQuery(seriesQuery({ name: 'accepted', by: 'partner' }));
  const received = (data?.points ?? []).some(({ value, count }) => value === partner.id && count > 0);
  const secrets = partner.secrets ?? [];
  const steps = [
    { name: 'configured', done: true },
    { name: 'secrets', done: secrets.every(({ readable, required }) => !required || readable > 0) },
    { name: 'received', done: received || (partner.fetch?.fetched ?? 0) > 0 },
    { name: 'called', done: partner.calls.ok > 0 },
    { name: 'healthy', done: partner.breaker === 'closed' && partner.control?.held !== true },
    { name: 'automated', done: partner.mode === 'automate' },
  ] as const;
  return (
    <Panel title={t('checklist.title')} note={t('checklist.note')}>
      <ul style={{ listStyle: 'none', margin: 0, padding: 0, display: 'grid', gap: 8, fontSize: '0.86rem' }}>
        {steps.map(({ name, done }) => (
          <li key={name} style={{ display: 'flex', justifyContent: 'space-between', gap: 8 }}>
            {t(`checklist.${name}`)}
            <Tag tone={done ? 'good' : 's4'}>{done ? t('checklist.done') : t('checklist.open')}</Tag>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
