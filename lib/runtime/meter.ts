/** The engine's counts as Prometheus metrics. */
import { Counter, Histogram, type Registry } from 'prom-client';
import type { Meter } from '../engine/meter';

export function promMeter(registry: Registry): Meter {
  const registers = [registry];
  const attempts = new Histogram({
    name: 'reroute_attempt_seconds',
    help: 'Attempts of runs by how they ended, from start to settlement',
    labelNames: ['outcome'],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 60, 300],
    registers,
  });
  const deadLetters = new Counter({
    name: 'reroute_dead_letters_total',
    help: 'Dead letters written since the start, by partner and reason',
    labelNames: ['partner', 'code'],
    registers,
  });
  const effects = new Counter({
    name: 'reroute_effects_total',
    help: 'Answers of outward actions since the start, by the state they left the effect in',
    labelNames: ['partner', 'kind', 'state'],
    registers,
  });
  const lag = new Histogram({
    name: 'reroute_effect_lag_seconds',
    help: 'From the intent of an outward action to the answer that settles it, waits and retries included',
    labelNames: ['kind'],
    buckets: [0.05, 0.2, 1, 5, 15, 60, 300, 900, 3_600, 14_400],
    registers,
  });
  const breaches = new Counter({
    name: 'reroute_clock_breaches_total',
    help: 'Clocks of cases that ran out since the start',
    labelNames: ['clock', 'severity'],
    registers,
  });
  return {
    attempt: (outcome, seconds) => attempts.observe({ outcome }, seconds),
    deadLetter: (partner, code) => deadLetters.inc({ partner, code }),
    effect({ partner, kind, state, seconds }) {
      effects.inc({ partner, kind, state });
      if (seconds !== undefined) lag.observe({ kind }, seconds);
    },
    breach: (clock, severity) => breaches.inc({ clock, severity }),
  };
}
