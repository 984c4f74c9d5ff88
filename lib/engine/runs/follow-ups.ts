/** What the end of an attempt leads to beside the run itself: its case, its replay, its outage, and how its flow fares. */
import type { Attention } from '../attention';
import type { Outage } from '../attention/incidents';
import type { CaseService } from '../cases/service';
import type { EngineDeps } from '../deps';
import type { Replays } from '../replays';
import type { ActiveRun } from './active-run';
import { aboutRun } from './spans';
import type { ReplayInput } from './starter';

export class FollowUps {
  /** By flow version, since the flows started last. */
  private readonly attempts = new Map<string, { ended: number; failed: number }>();

  constructor(
    private readonly deps: EngineDeps,
    private readonly parts: { attention: Attention; cases: CaseService; replays: Replays },
  ) {}

  forget(): void {
    this.attempts.clear();
  }

  /** Attempts that ended since then, and how many of them failed; one that was put off, or had nothing to do, did not fail. */
  attemptsOf(flowVersion: string): { ended: number; failed: number } {
    return this.attempts.get(flowVersion) ?? { ended: 0, failed: 0 };
  }

  /** The last attempt of an action has failed. */
  exhausted(run: ActiveRun, outage: Outage): void {
    this.later(this.parts.attention.exhausted(run, outage), run);
  }

  /** The ledger has written down how the attempt ended. */
  ended(run: ActiveRun, state: string): void {
    this.count(run);
    if (run.failure) this.later(this.parts.attention.attempted(run), run);
    // Also when the run itself went on: a dead letter of a case asks for a person.
    const letter = run.deadLetters.at(-1)?.reason;
    const { caseId, kind, input } = run.record;
    // A dead letter that a node noted is a failure, too, although the run itself went on.
    const failure = run.failure?.message ?? letter?.message;
    if ((state === 'dead' || letter) && caseId !== undefined)
      this.later(this.parts.cases.runDied(caseId, failure ?? 'the run failed'), run);
    if (kind === 'replay' && (state === 'done' || state === 'parked' || state === 'dead')) {
      const ok = state !== 'dead' && letter === undefined;
      this.later(this.parts.replays.settled(input as ReplayInput, ok, failure), run);
    }
  }

  private count({ flowVersion, failure }: ActiveRun): void {
    if (flowVersion === undefined || failure?.error?.fate === 'park') return;
    const { ended, failed } = this.attemptsOf(flowVersion);
    const fails = failure !== undefined && failure.error?.fate !== 'acknowledge';
    this.attempts.set(flowVersion, { ended: ended + 1, failed: failed + (fails ? 1 : 0) });
  }

  private later(work: Promise<unknown>, run: ActiveRun): void {
    work.catch((error: unknown) =>
      this.deps.log.error({ err: error, ...aboutRun(run) }, 'follow-up of a run failed'),
    );
  }
}
