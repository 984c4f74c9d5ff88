import type { Partner } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Tag, type Tone } from '../../parts/tags';

export type Health = 'good' | 'held' | 'draining' | 'stopped' | 'trying' | 'fetching';

/** The worst that is to be said of a partner. */
export function healthOf({ control, breaker, fetch }: Partner): Health {
  if (control?.draining === true) return 'draining';
  if (control?.held === true) return 'held';
  if (breaker === 'open') return 'stopped';
  if (breaker === 'half-open') return 'trying';
  return (fetch?.failures ?? 0) > 2 ? 'fetching' : 'good';
}

const tones: Record<Health, Tone> = {
  good: 'good',
  held: 's3',
  draining: 's3',
  stopped: 's1',
  trying: 's2',
  fetching: 's2',
};

export function HealthTag({ partner }: { partner: Partner }) {
  const { t } = useWords();
  const health = healthOf(partner);
  return <Tag tone={tones[health]}>{t(`health.${health}`)}</Tag>;
}
