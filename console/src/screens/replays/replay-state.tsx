import { useWords } from '../../i18n/use-words';
import { Tag, type Tone } from '../../parts/tags';

const tones: Record<string, Tone> = {
  planned: 's4',
  running: 'info',
  paused: 's3',
  done: 'good',
  cancelled: 's4',
};

export function ReplayStateTag({ state }: { state: string }) {
  const { say } = useWords();
  return <Tag tone={tones[state] ?? 'info'}>{say('replayState', state)}</Tag>;
}

const outcomeTones: Record<string, Tone> = {
  pending: 's4',
  skip: 's4',
  create: 'info',
  change: 'info',
  costs: 's2',
  superseded: 's3',
  'needs approval': 's3',
  done: 'good',
  failed: 's1',
};

export function OutcomeTag({ outcome }: { outcome: string }) {
  const { say } = useWords();
  return <Tag tone={outcomeTones[outcome] ?? 'info'}>{say('replayOutcome', outcome)}</Tag>;
}
