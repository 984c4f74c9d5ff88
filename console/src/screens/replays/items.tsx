import type { ReplayItem } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Json } from '../../parts/json';
import { Panel } from '../../parts/panel';
import { OutcomeTag } from './replay-state';

interface PlannedEffect {
  key?: string;
  operation?: string;
  partner?: string;
  target?: string;
  outcome?: string;
  diff?: unknown;
}

/** Item by item what would happen or did, field by field where something changes. */
export function Items({ items, more }: { items: ReplayItem[]; more: boolean }) {
  const { t } = useWords();
  return (
    <Panel title={t('items.title')} note={t('items.note')}>
      <table className="grid">
        <thead>
          <tr>
            <th scope="col">#</th>
            <th scope="col">{t('items.outcome')}</th>
            <th scope="col">{t('items.what')}</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.ordinal}>
              <td>{item.ordinal + 1}</td>
              <td>
                <OutcomeTag outcome={item.outcome} />
              </td>
              <td>
                <What item={item} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {more && <p className="dim">{t('items.more')}</p>}
    </Panel>
  );
}

function What({ item }: { item: ReplayItem }) {
  const { t, operationWords } = useWords();
  const effects = Array.isArray(item.effects) ? (item.effects as PlannedEffect[]) : [];
  return (
    <>
      {item.message !== undefined && <div>{item.message}</div>}
      {effects.length === 0 && item.message === undefined && (
        <span className="dim">{t('items.nothing')}</span>
      )}
      {effects.map((effect, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: effects of a frozen item never move
        <details key={index}>
          <summary style={{ cursor: 'pointer' }}>
            {operationWords(effect.operation ?? '')} <span className="dim">{effect.target}</span>{' '}
            {effect.outcome !== undefined && <OutcomeTag outcome={effect.outcome} />}
          </summary>
          <Json value={effect.diff ?? effect} label={t('items.diff')} maxHeight={240} />
        </details>
      ))}
    </>
  );
}
