import type { Inspection } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Json } from '../../parts/json';
import { Tag } from '../../parts/tags';

/** What the payload is read as: facts, and what was left out or rejected with its place. */
export function ReadAs({ inspection }: { inspection: Inspection }) {
  const { t } = useWords();
  return (
    <>
      <p style={{ margin: '0 0 8px' }}>
        <Tag tone={inspection.ok ? 'good' : 's1'}>
          {inspection.ok ? t('readAs.ok', { count: inspection.facts.length }) : t('readAs.notOk')}
        </Tag>
      </p>
      {inspection.reports.length > 0 && (
        <ul style={{ margin: '0 0 8px', paddingLeft: 18, fontSize: '0.84rem' }}>
          {inspection.reports.map((report) => (
            <li key={`${report.code} ${report.at ?? ''} ${report.message}`}>
              <strong>{report.code}</strong> {report.message}
              {report.at !== undefined && <span className="mono"> {report.at}</span>}
            </li>
          ))}
        </ul>
      )}
      {inspection.facts.length > 0 && (
        <Json value={inspection.facts} label={t('repair.canonical')} maxHeight={400} />
      )}
    </>
  );
}
