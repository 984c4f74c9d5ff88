/** The case in five sentences: what happened, why it is a case, what was decided, what was sent, what was confirmed. */
import type { CaseDetail } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { At } from '../../parts/times';
import classes from './case.module.css';

export function Story({ detail }: { detail: CaseDetail }) {
  const { t } = useWords();
  return (
    <Panel title={t('story.title')}>
      <dl className={classes.story}>
        <dt>{t('story.what')}</dt>
        <dd>
          <What detail={detail} />
        </dd>
        <dt>{t('story.why')}</dt>
        <dd>
          <Why detail={detail} />
        </dd>
        <dt>{t('story.decided')}</dt>
        <dd>
          <Decided detail={detail} />
        </dd>
        <dt>{t('story.sent')}</dt>
        <dd>
          <Sent detail={detail} />
        </dd>
        <dt>{t('story.confirmed')}</dt>
        <dd>
          <Confirmed detail={detail} />
        </dd>
      </dl>
    </Panel>
  );
}

function What({ detail: { case: state, facts } }: { detail: CaseDetail }) {
  const { t, say } = useWords();
  const source = facts.map(({ event }) => event.data.sourceCode).find((code) => code !== undefined);
  return (
    <>
      {say('what', state.code)} <At at={state.onsetAt} />.{' '}
      {source && (
        <span className="dim">
          {t('story.source', {
            partner: state.partner,
            words: [source.status, source.reason, source.text].filter(Boolean).join(' · '),
          })}
        </span>
      )}
    </>
  );
}

function Why({ detail: { case: state } }: { detail: CaseDetail }) {
  const { t, say, dateTime, money } = useWords();
  const { promisedDeliveryAt, slaTier, orderValue, customerPriority } = state.context;
  const parts = [
    promisedDeliveryAt !== undefined && t('story.promised', { at: dateTime(promisedDeliveryAt) }),
    slaTier !== undefined && t('story.tier', { tier: say('tier', slaTier) }),
    orderValue !== undefined && t('story.worth', { value: money(orderValue) }),
    customerPriority !== undefined && t('story.priority', { priority: customerPriority }),
  ].filter((part) => part !== false);
  return (
    <>
      {t('story.severity', { severity: say('severity', state.severity) })}
      {parts.length > 0 && ` ${parts.join(' · ')}.`}
      {state.recurrenceOf !== undefined && ` ${t('story.recurs')}`}
    </>
  );
}

function Decided({ detail: { case: state } }: { detail: CaseDetail }) {
  const { t, say, dateTime } = useWords();
  const { policy, plan } = state;
  if (!policy && !plan) return <span className="dim">{t('story.undecided')}</span>;
  return (
    <>
      {plan && (
        <>
          <strong>{say('outcome', plan.outcome)}</strong>{' '}
          {t('story.decidedBy', {
            who: plan.decidedBy === 'system' ? t('story.policy') : plan.decidedBy,
            at: dateTime(plan.decidedAt),
          })}
        </>
      )}
      {policy && (
        <>
          <div className="dim">
            {policy.row === undefined || policy.row === null
              ? t('story.table', { name: policy.name, version: policy.version })
              : t('story.row', { row: policy.row + 1, name: policy.name, version: policy.version })}
          </div>
          <Inputs inputs={policy.inputs} />
        </>
      )}
    </>
  );
}

function Inputs({ inputs }: { inputs: Record<string, unknown> }) {
  const { t } = useWords();
  const entries = Object.entries(inputs);
  if (entries.length === 0) return null;
  return (
    <div className={classes.inputs} role="group" aria-label={t('story.inputs')}>
      {entries.map(([name, value]) => (
        <span key={name} className={classes.input}>
          {name} = {shown(value)}
        </span>
      ))}
    </div>
  );
}

/** An input may carry the time when it was observed. */
function shown(value: unknown): string {
  const plain =
    typeof value === 'object' && value !== null && 'value' in value && 'observedAt' in value
      ? value.value
      : value;
  return JSON.stringify(plain) ?? '–';
}

function Sent({ detail: { effects } }: { detail: CaseDetail }) {
  const { t, operationWords } = useWords();
  const sent = effects.filter(({ sends, safety }) => sends > 0 && safety !== 'read');
  if (sent.length === 0) return <span className="dim">{t('story.nothingSent')}</span>;
  return (
    <ul className={classes.done}>
      {sent.map(({ key, operation, partner }) => (
        <li key={key}>{t('story.sentTo', { operation: operationWords(operation), partner })}</li>
      ))}
    </ul>
  );
}

const unclear = ['UNKNOWN', 'FAILED', 'AWAITING_APPROVAL'];

function Confirmed({ detail: { effects, case: state } }: { detail: CaseDetail }) {
  const { t, operationWords, dateTime } = useWords();
  const outward = effects.filter(({ safety }) => safety !== 'read');
  const confirmed = outward.filter((effect) => effect.state === 'CONFIRMED');
  const open = outward.filter((effect) => unclear.includes(effect.state));
  return (
    <>
      {confirmed.length === 0 ? (
        <span className="dim">{t('story.nothingConfirmed')}</span>
      ) : (
        <ul className={classes.done} data-confirmed>
          {confirmed.map(({ key, operation, partner }) => (
            <li key={key}>
              {partner}: {operationWords(operation)}
            </li>
          ))}
        </ul>
      )}
      {state.lastVerifiedAt !== undefined && (
        <div>{t('story.verified', { at: dateTime(state.lastVerifiedAt) })}</div>
      )}
      {open.length > 0 && <div className={classes.error}>{t('story.unclear', { count: open.length })}</div>}
    </>
  );
}
