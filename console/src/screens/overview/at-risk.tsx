import { Link } from 'react-router';
import type { AtRisk, Overview } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { SeverityTag } from '../../parts/tags';
import { At, Due } from '../../parts/times';

/** Clocks that end next, those first that put most at stake. */
export function AtRiskPanel({ clocks }: { clocks: Overview['clocks'] }) {
  const { t } = useWords();
  return (
    <Panel title={t('atRisk.title')} note={t('atRisk.note')}>
      {clocks.atRisk.length === 0 ? (
        <p className="dim">{t('atRisk.none')}</p>
      ) : (
        <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('atRisk.title')}>
          <table className="grid">
            <thead>
              <tr>
                <th scope="col">{t('atRisk.clock')}</th>
                <th scope="col">{t('atRisk.case')}</th>
                <th scope="col">{t('atRisk.promised')}</th>
                <th scope="col" className="num">
                  {t('atRisk.value')}
                </th>
              </tr>
            </thead>
            <tbody>
              {clocks.atRisk.map((item) => (
                <Row key={item.caseId} item={item} />
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

function Row({ item }: { item: AtRisk }) {
  const { t, say, money } = useWords();
  return (
    <tr>
      <td>
        <Due at={item.dueAt} />
        <div className="dim" style={{ fontSize: '0.75rem' }}>
          {t(`clock.${item.clock}`)}
        </div>
      </td>
      <td>
        <Link className="link" to={`/cases/${item.caseId}`}>
          {say('code', item.code)}
        </Link>{' '}
        <SeverityTag severity={item.severity} />
        <div className="dim" style={{ fontSize: '0.8rem' }}>
          {item.order === undefined ? item.subject : t('atRisk.order', { order: item.order })}
          {item.slaTier !== undefined && ` · ${say('tier', item.slaTier)}`}
        </div>
      </td>
      <td>{item.promisedAt === undefined ? '–' : <At at={item.promisedAt} />}</td>
      <td className="num">{item.value ? money(item.value) : '–'}</td>
    </tr>
  );
}
