/** Partners of a back-test: they answer what was recorded for the same question, and nothing is sent. */
import type { LookUpResult, OperationResult } from '../../connectors/kit/connector';
import type { PartnerCall, PartnerCalls } from '../../engine/partners/calls';
import type { EffectRecord } from '../../ledger/effects';
import { exceptionCodes } from '../../model/taxonomy';

interface Question {
  step: string;
  call: string;
}

const neverMs = 10 * 365 * 86_400_000;

export class RecordedAnswers implements PartnerCalls {
  private effects: readonly EffectRecord[] = [];
  /** Ids of the case then and now: answers that name it have to name this one. */
  private ids: { before: string; after: string } | undefined;
  readonly unanswered: Question[] = [];
  readonly assumed: Question[] = [];
  get isStuck(): boolean {
    return this.unanswered.length > 0;
  }

  begin(effects: readonly EffectRecord[], caseId: string): void {
    this.effects = effects;
    this.ids = { before: caseId, after: '' };
    this.unanswered.length = 0;
    this.assumed.length = 0;
  }

  async send(call: PartnerCall): Promise<OperationResult<unknown>> {
    const { partner, operation, step, caseId } = call;
    if (this.ids && caseId !== undefined) this.ids.after = caseId;
    const question = { step, call: `${partner.id}.${operation.id}` };
    const recorded = this.recordedFor(call);
    if (recorded) return this.asRecorded(recorded);
    if (operation.safety !== 'read') {
      this.assumed.push(question);
      return { outcome: 'ok', output: undefined, confirmed: false };
    }
    this.unanswered.push(question);
    // The run stops here: every way on would be the way of a failure that never was.
    return { outcome: 'retryable', message: 'nobody has recorded an answer to this', retryAfterMs: neverMs };
  }

  async lookUp(call: PartnerCall): Promise<LookUpResult<unknown>> {
    const recorded = this.recordedFor(call);
    const isDone = recorded?.state === 'CONFIRMED' || recorded?.state === 'ACCEPTED';
    return isDone
      ? { found: true, output: this.renamed(recorded.output), confirmed: recorded.state === 'CONFIRMED' }
      : { found: false };
  }

  /** The same operation at the same partner on the same target, of the same step where there are several; the newest plan counts. */
  private recordedFor({ partner, operation, input, step }: PartnerCall): EffectRecord | undefined {
    const target = this.original(operation.target(input));
    const same = this.effects.filter(
      (effect) =>
        effect.partner === partner.id && effect.operation === operation.id && effect.target === target,
    );
    return same.findLast((effect) => effect.step === step) ?? same.at(-1);
  }

  private asRecorded({ state, output, error, reference }: EffectRecord): OperationResult<unknown> {
    const message = error?.message ?? 'as recorded';
    switch (state) {
      case 'REJECTED':
        return {
          outcome: 'business',
          code: exceptionCodes.find((code) => code === error?.code) ?? 'INTEGRATION_FAILURE',
          message,
        };
      case 'FAILED':
        return { outcome: 'fatal', message };
      case 'DECLINED':
        return { outcome: 'fatal', message: 'declined by a person', vendorCode: 'DECLINED' };
      case 'UNKNOWN':
      case 'INTENDED':
        return { outcome: 'unknown', message };
      default:
        return {
          outcome: 'ok',
          output: this.renamed(output),
          confirmed: state !== 'ACCEPTED',
          ...(reference === undefined ? {} : { reference }),
        };
    }
  }

  private original(text: string): string {
    return this.ids && this.ids.after !== '' ? text.replaceAll(this.ids.after, this.ids.before) : text;
  }

  private renamed(output: unknown): unknown {
    if (!this.ids || output === undefined) return output;
    const text = JSON.stringify(output);
    return text.includes(this.ids.before)
      ? (JSON.parse(text.replaceAll(this.ids.before, this.ids.after)) as unknown)
      : output;
  }
}
