/** What was, or would be, sent: each with its state, and the decision of a person where one is waited for. */
import { Button, Group } from '@mantine/core';
import { useState } from 'react';
import type { CaseDetail, Effect } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Json } from '../../parts/json';
import { Panel } from '../../parts/panel';
import { ReasonDialog } from '../../parts/reason-dialog';
import { EffectTag, Tag } from '../../parts/tags';
import { At } from '../../parts/times';
import { useCaseAction } from './use-case-action';

type Decision = 'approve' | 'decline' | 'confirm' | 'fail';
const decisionsOf: Record<string, readonly Decision[]> = {
  AWAITING_APPROVAL: ['approve', 'decline'],
  UNKNOWN: ['confirm', 'fail'],
};

export function EffectsPanel({ detail }: { detail: CaseDetail }) {
  const { t } = useWords();
  const [reads, setReads] = useState(false);
  const { effects } = detail;
  const outward = effects.filter(({ safety }) => reads || safety !== 'read');
  const hidden = effects.length - effects.filter(({ safety }) => safety !== 'read').length;
  return (
    <Panel
      title={t('effects.title')}
      note={t('effects.note')}
      actions={
        hidden > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={() => setReads(!reads)} aria-pressed={reads}>
            {t('effects.reads', { count: hidden })}
          </Button>
        )
      }
    >
      {outward.length === 0 ? (
        <span className="dim">{t('effects.none')}</span>
      ) : (
        <div style={{ display: 'grid' }}>
          {outward.map((effect) => (
            <EffectItem key={effect.key} effect={effect} detail={detail} />
          ))}
        </div>
      )}
    </Panel>
  );
}

function EffectItem({ effect, detail }: { effect: Effect; detail: CaseDetail }) {
  const { t, say, operationWords } = useWords();
  const decisions = detail.allowedActions.includes('decide') ? (decisionsOf[effect.state] ?? []) : [];
  return (
    <details style={{ borderBottom: '1px solid var(--rr-line)', padding: '8px 0', fontSize: '0.9rem' }}>
      <summary style={{ cursor: 'pointer' }}>
        <span>
          <strong>{operationWords(effect.operation)}</strong>{' '}
          <span className="dim">
            {effect.partner} · {effect.target}
          </span>{' '}
          <EffectTag state={effect.state} /> {effect.adopted && <Tag tone="info">{t('effects.adopted')}</Tag>}
          {effect.sends > 1 && <span className="dim">{t('effects.sends', { count: effect.sends })}</span>}
        </span>
      </summary>
      {effect.error && <p style={{ color: 'var(--rr-s1)', margin: '6px 0' }}>{effect.error.message}</p>}
      <div
        style={{
          display: 'grid',
          gap: 10,
          gridTemplateColumns: 'repeat(auto-fit, minmax(min(260px, 100%), 1fr))',
          marginTop: 8,
        }}
      >
        <Labelled label={t('effects.input')} value={effect.input} />
        {effect.output !== undefined && <Labelled label={t('effects.output')} value={effect.output} />}
      </div>
      <p className="dim" style={{ fontSize: '0.78rem', margin: '8px 0 0' }}>
        {t('effects.safety', { safety: say('safety', effect.safety) })} · <At at={effect.updatedAt} />
        {effect.reference !== undefined && ` · ${effect.reference}`}
      </p>
      {decisions.length > 0 && <Decisions effect={effect} detail={detail} decisions={decisions} />}
    </details>
  );
}

function Labelled({ label, value }: { label: string; value: unknown }) {
  return (
    <div style={{ minWidth: 0 }}>
      <div className="dim" style={{ fontSize: '0.76rem', marginBottom: 4 }}>
        {label}
      </div>
      <Json value={value} label={label} maxHeight={220} />
    </div>
  );
}

interface DecisionsProps {
  effect: Effect;
  detail: CaseDetail;
  decisions: readonly Decision[];
}

function Decisions({ effect, detail, decisions }: DecisionsProps) {
  const { t } = useWords();
  const [asking, setAsking] = useState<Decision>();
  const act = useCaseAction(detail.case);
  return (
    <Group gap="xs" mt="sm">
      {decisions.map((decision) => (
        <Button key={decision} size="xs" variant="light" onClick={() => setAsking(decision)}>
          {t(`decision.${decision}`)}
        </Button>
      ))}
      {asking !== undefined && (
        <ReasonDialog
          title={t(`decision.${asking}`)}
          consequence={t(`decision.${asking}.consequence`)}
          submit={t(`decision.${asking}`)}
          busy={act.isPending}
          error={act.error?.message}
          onClose={() => setAsking(undefined)}
          onSubmit={(reason) =>
            act.mutate(
              { action: 'decide', reason, effects: [{ key: effect.key, decision: asking }] },
              { onSuccess: () => setAsking(undefined) },
            )
          }
        />
      )}
    </Group>
  );
}
