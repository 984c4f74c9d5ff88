import type { Inspection } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Tag } from '../../parts/tags';

/** Before and after, field by field, and who may change it. */
export function Changes({ changes }: { changes: Inspection['changes'] }) {
  const { t, say } = useWords();
  if (changes.length === 0) return <p className="dim">{t('changes.none')}</p>;
  return (
    <table className="grid" style={{ marginTop: 10 }}>
      <caption className="visually-hidden">{t('changes.title')}</caption>
      <thead>
        <tr>
          <th scope="col">{t('changes.field')}</th>
          <th scope="col">{t('changes.before')}</th>
          <th scope="col">{t('changes.after')}</th>
          <th scope="col">{t('changes.allowed')}</th>
        </tr>
      </thead>
      <tbody>
        {changes.map((change) => (
          <tr key={change.path}>
            <td className="mono">{change.path || '/'}</td>
            <td className="mono">{JSON.stringify(change.before) ?? '–'}</td>
            <td className="mono">{JSON.stringify(change.after) ?? '–'}</td>
            <td>
              <Tag tone={change.allowed ? 'good' : 's1'}>
                {change.allowed ? t('changes.yes') : t('changes.no', { role: say('role', change.role) })}
              </Tag>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
