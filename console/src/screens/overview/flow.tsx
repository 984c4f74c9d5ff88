import { Link } from 'react-router';
import type { Overview } from '../../api/types';
import type { Key } from '../../i18n';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';

/** How the links to the other systems do: repeats, failures, lag, duplicates, and what nobody can say. */
export function FlowPanel({ data }: { data: Overview }) {
  const { t, number, share, maybeDuration } = useWords();
  const { lastDay, erpLag, unresolvedStates, recurrence, deadLetters, backordersAvoided, windowDays } = data;
  const unresolved = `/cases?code=${Object.keys(unresolvedStates.byCode).join(',')}`;
  const window = t('overview.window', { days: windowDays });
  return (
    <Panel title={t('flow.title')} note={t('flow.note')}>
      <table className="grid">
        <tbody>
          <Row
            label="flow.failedCalls"
            value={share(lastDay.failureRate)}
            note={t('flow.of', { part: number(lastDay.failedCalls), whole: number(lastDay.calls) })}
            to="/partners"
          />
          <Row
            label="flow.retries"
            value={share(lastDay.retryRate)}
            note={t('flow.of', { part: number(lastDay.retried), whole: number(lastDay.attempts) })}
          />
          <Row
            label="flow.duplicates"
            value={share(lastDay.duplicateRate)}
            note={t('flow.of', {
              part: number(lastDay.duplicates),
              whole: number(lastDay.accepted + lastDay.duplicates),
            })}
          />
          <Row
            label="flow.unresolved"
            value={number(unresolvedStates.total)}
            note={t('flow.now')}
            to={unresolved}
          />
          <Row
            label="flow.deadLetters"
            value={number(deadLetters.open)}
            note={t('flow.now')}
            to="/dead-letters"
          />
          <Row
            label="flow.erpLag"
            value={maybeDuration(erpLag.p50Ms)}
            note={`${t('overview.p90', { duration: maybeDuration(erpLag.p90Ms) })} · ${window}`}
          />
          <Row label="flow.recurrence" value={share(recurrence.rate)} note={window} to="/analytics" />
          <Row
            label="flow.backorders"
            value={data.unavailable.includes('backordersAvoided') ? '–' : number(backordersAvoided)}
            note={window}
          />
        </tbody>
      </table>
    </Panel>
  );
}

function Row({ label, value, note, to }: { label: Key; value: string; note: string; to?: string }) {
  const { t } = useWords();
  return (
    <tr>
      <th scope="row">
        {to === undefined ? (
          t(label)
        ) : (
          <Link className="plain" to={to}>
            {t(label)}
          </Link>
        )}
      </th>
      <td className="dim" style={{ fontSize: '0.78rem' }}>
        {note}
      </td>
      <td className="num">
        <strong>{value}</strong>
      </td>
    </tr>
  );
}
