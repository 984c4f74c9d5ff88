/** Writes down what became of a recorded action. */
import type { EffectResolution } from '../../ledger/effects';
import type { EngineDeps } from '../deps';
import { aboutRun } from '../runs/spans';
import type { Action } from './prepare';

export class Answers {
  constructor(private readonly deps: EngineDeps) {}

  /**
   * Not awaited: the ledger keeps the order of calls, so whatever the run does next, the next intent or its settling, is
   * durable only after this. When it fails, that next step fails by the same cause.
   */
  resolve(action: Action, recorded: boolean, resolution: Omit<EffectResolution, 'key' | 'at'>): void {
    if (!recorded) return;
    const { run, key } = action;
    this.count(action, resolution.state);
    const answer = this.deps.ledger
      .resolveEffects(run.lease, [{ ...resolution, key, at: this.deps.now() }])
      .catch((error: unknown) => {
        run.fail({
          code: 'EFFECT_NOT_RECORDED',
          message:
            'the answer of an action could not be recorded; its outcome is looked up at the next attempt',
        });
        this.deps.log.warn({ err: error, ...aboutRun(run), effect: key }, 'effect answer not recorded');
      })
      .finally(() => run.recording.delete(answer));
    run.recording.add(answer);
  }

  private count({ partner, effect }: Action, state: EffectResolution['state']): void {
    const settles = state === 'CONFIRMED' || state === 'ACCEPTED' || state === 'REJECTED';
    this.deps.meter?.effect({
      partner: partner.id,
      kind: partner.connector.manifest.kinds.join(' '),
      state,
      ...(settles && effect ? { seconds: (this.deps.now() - effect.at) / 1000 } : {}),
    });
  }
}
