import type { CaseDetail } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';

/** What systems showed, and what came along with the facts. Addresses of partners are shown, never followed by themselves. */
export function EvidencePanel({ detail: { case: state, facts } }: { detail: CaseDetail }) {
  const { t, say } = useWords();
  const attached = facts.flatMap(({ event, partner }) =>
    (event.data.evidence ?? []).map((item) => ({ ...item, partner, fact: event.id })),
  );
  return (
    <Panel title={t('evidence.title')}>
      {state.evidence.length + attached.length === 0 && <span className="dim">{t('evidence.none')}</span>}
      <ul style={{ margin: 0, paddingLeft: 18, fontSize: '0.86rem', display: 'grid', gap: 6 }}>
        {state.evidence.map((item) => (
          <li key={`${item.system} ${item.description}`}>
            <strong>{item.system}</strong>: {item.description}
            {item.reference !== undefined && <span className="mono"> {item.reference}</span>}
          </li>
        ))}
        {attached.map((item) => (
          <li key={`${item.fact} ${item.uri ?? item.description ?? item.kind}`}>
            <strong>{item.partner}</strong>: {say('evidence', item.kind)} {item.description}
            {item.uri !== undefined && <span className="mono"> {item.uri}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
