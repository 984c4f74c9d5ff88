/** Severities and states as small labels: the word says it, the colour only repeats it. */
import { useWords } from '../i18n/use-words';

export type Tone = 's1' | 's2' | 's3' | 's4' | 'good' | 'info';

export function Tag({ tone, children }: { tone: Tone; children: string }) {
  return (
    <span className="tag" data-tone={tone}>
      {children}
    </span>
  );
}

const severityTones: Record<string, Tone> = { S1: 's1', S2: 's2', S3: 's3', S4: 's4' };

export function SeverityTag({ severity }: { severity: string }) {
  const { say } = useWords();
  return (
    <span className="tag" data-tone={severityTones[severity] ?? 's4'} title={say('severity', severity)}>
      {severity}
    </span>
  );
}

const stateTones: Record<string, Tone> = {
  MANUAL: 's2',
  DECISION_PENDING: 's3',
  RESOLVED: 'good',
  VERIFIED: 'good',
  CLOSED: 's4',
  SUPPRESSED: 's4',
  CANCELLED: 's4',
};

export function StateTag({ state }: { state: string }) {
  const { say } = useWords();
  return <Tag tone={stateTones[state] ?? 'info'}>{say('state', state)}</Tag>;
}

const effectTones: Record<string, Tone> = {
  CONFIRMED: 'good',
  ACCEPTED: 'info',
  UNKNOWN: 's2',
  FAILED: 's1',
  DECLINED: 's4',
  OBSERVED: 's4',
  AWAITING_APPROVAL: 's3',
};

export function EffectTag({ state }: { state: string }) {
  const { say } = useWords();
  return <Tag tone={effectTones[state] ?? 'info'}>{say('effect', state)}</Tag>;
}
