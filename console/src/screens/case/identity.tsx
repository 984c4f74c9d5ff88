/** What the case is about: identifiers of every system, context of the order, who has it. */
import { Link } from 'react-router';
import type { Case } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import { At } from '../../parts/times';
import classes from './case.module.css';

export function Identity({ state }: { state: Case }) {
  const { t, say, money } = useWords();
  const { context } = state;
  return (
    <Panel title={t('identity.title')}>
      <dl className={classes.pairs}>
        <dt>{t('field.assignee')}</dt>
        <dd>{state.assignee ?? <span className="dim">{t('cases.nobody')}</span>}</dd>
        {identifiersOf(state).map(({ kind, value }) => (
          <Pair key={`${kind} ${value}`} label={say('identifier', kind)}>
            <Link className="link mono" to={`/trace?identifier=${encodeURIComponent(value)}`}>
              {value}
            </Link>
          </Pair>
        ))}
        {context.promisedDeliveryAt !== undefined && (
          <Pair label={t('identity.promised')}>
            <At at={context.promisedDeliveryAt} />
          </Pair>
        )}
        {context.etaAt !== undefined && (
          <Pair label={t('identity.eta')}>
            <At at={context.etaAt} />
          </Pair>
        )}
        {context.orderValue && <Pair label={t('atRisk.value')}>{money(context.orderValue)}</Pair>}
        {context.slaTier !== undefined && (
          <Pair label={t('identity.tier')}>{say('tier', context.slaTier)}</Pair>
        )}
        {context.incoterm !== undefined && <Pair label={t('identity.incoterm')}>{context.incoterm}</Pair>}
        <Pair label={t('identity.detected')}>
          <At at={state.detectedAt} />
        </Pair>
        {state.reopenCount > 0 && <Pair label={t('identity.reopened')}>{state.reopenCount}</Pair>}
        <Pair label={t('identity.correlation')}>
          <span className="mono">{state.correlationId}</span>
        </Pair>
      </dl>
    </Panel>
  );
}

function Pair({ label, children }: { label: string; children: React.ReactNode }) {
  return (
    <>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </>
  );
}

function identifiersOf({ identifiers }: Case): { kind: string; value: string }[] {
  return Object.entries(identifiers).flatMap(([kind, values]) =>
    (values ?? []).map((item) => ({ kind, value: typeof item === 'string' ? item : item.value })),
  );
}
