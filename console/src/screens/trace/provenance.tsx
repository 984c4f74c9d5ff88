import type { Trace } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { At } from '../../parts/times';

/** Where each identifier came from, so that a wrong link can be found. */
export function Provenance({ trace }: { trace: Trace }) {
  const { t, say } = useWords();
  return (
    <Panel title={t('provenance.title')} note={t('provenance.note')}>
      <div style={{ overflowX: 'auto' }} tabIndex={0} role="region" aria-label={t('provenance.title')}>
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">{t('provenance.kind')}</th>
              <th scope="col">{t('provenance.value')}</th>
              <th scope="col">{t('provenance.subject')}</th>
              <th scope="col">{t('provenance.by')}</th>
              <th scope="col">{t('provenance.since')}</th>
            </tr>
          </thead>
          <tbody>
            {trace.links.map((link) => (
              <tr key={`${link.subject} ${link.kind} ${link.namespace} ${link.value}`}>
                <td>{say('identifier', link.kind)}</td>
                <td className="mono">{link.value}</td>
                <td className="mono">{link.subject}</td>
                <td>{link.assertedBy}</td>
                <td>
                  <At at={link.firstAt} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {trace.related.length > 0 && (
        <p className="dim">
          {t('trace.related')} <span className="mono">{trace.related.join(', ')}</span>
        </p>
      )}
    </Panel>
  );
}
