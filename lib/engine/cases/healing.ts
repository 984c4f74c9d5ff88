/** The cause of a case is gone after it was acted on: what the plan did is taken back, and the case is cancelled. */
import { isRerouteError } from '../../model/errors';
import type { FlowMessage, NodeRef } from '../api';
import type { Compensation } from '../effects/compensate';
import type { ActiveRun } from '../runs/active-run';
import { healingNodeId } from './healing-node';
import type { CaseService } from './service';

const system = { by: 'system', role: 'system' as const };
/** Stands for the engine where effects name the node that asked. */
const engineNode: NodeRef = { id: healingNodeId, type: 'engine', name: 'healing', z: '' };

export class Healing {
  constructor(
    private readonly cases: CaseService,
    private readonly compensation: Compensation,
  ) {}

  /**
   * Repeatable: an undo is an effect of its own. Behind the pivot there is only a way forward, and the flow goes it. A case that was
   * proved, ended or taken over meanwhile is left alone.
   */
  async run(run: ActiveRun): Promise<void> {
    const { caseId } = run.record;
    if (caseId === undefined) return;
    const { state, planVersion } = await this.cases.load(caseId);
    if (state !== 'REMEDIATING' && state !== 'AWAITING_ACK' && state !== 'RESOLVED') return;
    const message: FlowMessage = run.tag({});
    if (message.reroute) message.reroute.plan = String(planVersion);
    const taken = await this.takeBack(run, message);
    if (!taken) return;
    const { undone, failed, pivotPassed, kept } = taken;
    if (pivotPassed) {
      await this.note(caseId, 'The cause is gone, but the goods were released: the plan goes on forward.');
      return;
    }
    // A failed compensation has made the case a person's, and an incident of its own.
    if (failed > 0) return;
    const words = `the cause is gone: ${undone} taken back${kept.length > 0 ? `, kept ${kept.join(', ')}` : ''}`;
    await this.cases.apply(caseId, () => [
      { type: 'cancel', ...system, inFlight: 0, uncompensated: 0, reason: words.slice(0, 500) },
    ]);
  }

  /** Undefined while a person has to approve an undo: the run goes on from there. */
  private async takeBack(
    run: ActiveRun,
    message: FlowMessage,
  ): Promise<Awaited<ReturnType<Compensation['afterHealing']>> | undefined> {
    try {
      return await this.compensation.afterHealing(run, message, engineNode);
    } catch (error) {
      if (isRerouteError(error) && error.code === 'APPROVAL_PENDING') return undefined;
      throw error;
    }
  }

  private async note(caseId: string, text: string): Promise<void> {
    await this.cases.apply(caseId, () => [{ type: 'note', ...system, text }]);
  }
}
