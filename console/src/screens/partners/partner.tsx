import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { partnerQuery } from '../../api/queries';
import type { Partner } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Asked } from '../../parts/asked';
import { Panel } from '../../parts/panel';
import { Screen } from '../../parts/screen';
import { Since } from '../../parts/times';
import classes from '../case/case.module.css';
import { Checklist } from './checklist';
import { Controls } from './controls';
import { HealthTag } from './health';
import { TestDelivery } from './test-delivery';

export function PartnerScreen() {
  const { id = '' } = useParams();
  const query = useQuery(partnerQuery(id));
  return (
    <Screen title={id} actions={query.data && <Controls partner={query.data} />}>
      <Asked query={query}>{(partner) => <Detail partner={partner} />}</Asked>
    </Screen>
  );
}

function Detail({ partner }: { partner: Partner }) {
  const { t, say, number } = useWords();
  const { limits, lane, calls, control, fetch, secrets = [] } = partner;
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <Panel
          title={partner.title}
          note={
            control?.held === true
              ? t('partner.heldBy', { who: control.by, reason: control.reason })
              : undefined
          }
        >
          <dl className={classes.pairs}>
            <dt>{t('partners.health')}</dt>
            <dd>
              <HealthTag partner={partner} />
            </dd>
            <dt>{t('partners.mode')}</dt>
            <dd>
              {say('mode', partner.mode)} <span className="dim">{t(`mode.${partner.mode}.consequence`)}</span>
            </dd>
            <dt>{t('partner.breaker')}</dt>
            <dd>{say('breaker', partner.breaker)}</dd>
            <dt>{t('partners.lane')}</dt>
            <dd>{t('partner.laneLoad', { waiting: number(lane.waiting), active: number(lane.active) })}</dd>
            <dt>{t('partners.backlog')}</dt>
            <dd>{number(partner.backlog)}</dd>
            <dt>{t('partner.calls')}</dt>
            <dd>{t('partner.callCounts', { ok: number(calls.ok), failed: number(calls.failed) })}</dd>
            <dt>{t('partner.limits')}</dt>
            <dd>
              {t('partner.limitWords', {
                rate: limits.ratePerSecond,
                concurrency: limits.concurrency,
                seconds: Math.round(limits.timeoutMs / 1000),
                inbound: limits.inboundPerSecond,
              })}
            </dd>
            {fetch && (
              <>
                <dt>{t('partner.fetch')}</dt>
                <dd>
                  {fetch.lastAt === undefined ? t('partner.neverFetched') : <Since at={fetch.lastAt} />}
                  {fetch.error && <span style={{ color: 'var(--rr-s1)' }}> {fetch.error.message}</span>}
                </dd>
              </>
            )}
          </dl>
        </Panel>
        <TestDelivery partner={partner} />
      </div>
      <aside className={classes.side} aria-label={t('checklist.title')}>
        <Checklist partner={partner} />
        <Panel title={t('secrets.title')} note={t('secrets.note')}>
          {secrets.length === 0 ? (
            <span className="dim">{t('secrets.none')}</span>
          ) : (
            <dl className={classes.pairs}>
              {secrets.map((secret) => (
                <Secret key={secret.name} secret={secret} />
              ))}
            </dl>
          )}
        </Panel>
      </aside>
    </div>
  );
}

function Secret({ secret }: { secret: NonNullable<Partner['secrets']>[number] }) {
  const { t } = useWords();
  const { name, references, readable } = secret;
  const state =
    references === 0
      ? 'unset'
      : readable < references
        ? 'unreadable'
        : references > 1
          ? 'rotating'
          : 'current';
  return (
    <>
      <dt>{name}</dt>
      <dd>{t(`secrets.${state}`, { readable, references })}</dd>
    </>
  );
}
