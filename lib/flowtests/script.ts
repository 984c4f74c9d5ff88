/** The partners of a flow test: they answer what the scenario says, and keep what they were asked and what they have done. */
import type { LookUpResult, OperationResult } from '../connectors/kit/connector';
import type { PartnerCall, PartnerCalls } from '../engine/partners/calls';
import type { Answer, Answers, FaultKind } from './format';
import { resolved } from './templates';

/** One request that went out. */
export interface Sent {
  partner: string;
  operation: string;
  /** Kind of system of the operation, the second name of the partner. */
  kind: string;
  step: string;
  key: string;
  read: boolean;
  input: unknown;
  output?: unknown;
  outcome: OperationResult<unknown>['outcome'] | 'unanswered';
  /** The partner has carried it out, whatever it answered. */
  done: boolean;
}

export interface Fault {
  step: string;
  kind: FaultKind;
}

const faultMessage = 'failed by the fault matrix';

export class PartnerScript implements PartnerCalls {
  readonly sent: Sent[] = [];
  /** Calls for which the scenario has no answer, and answers that do not fit their operation. */
  readonly problems: string[] = [];
  private answers: Answers = {};
  private readonly taken = new Map<string, number>();
  /** What was carried out, by the key of the effect. */
  private readonly carriedOut = new Map<
    string,
    { output: unknown; confirmed: boolean; reference?: string }
  >();
  private readonly lookUps = new Map<string, LookUpResult<unknown>>();
  fault: Fault | undefined;

  /** What templates may read besides the call: the clock, set by the scenario. */
  scope: () => object = () => ({});

  begin(fault: Fault | undefined): void {
    this.sent.length = 0;
    this.problems.length = 0;
    this.answers = {};
    this.taken.clear();
    this.carriedOut.clear();
    this.lookUps.clear();
    this.fault = fault;
  }

  /** Adds answers; those of a call that is named again begin anew. */
  tell(answers: Answers): void {
    this.answers = { ...this.answers, ...answers };
    for (const name of Object.keys(answers)) this.taken.delete(name);
  }

  async send(call: PartnerCall): Promise<OperationResult<unknown>> {
    const { partner, operation, step, key, input } = call;
    const read = operation.safety === 'read';
    const entry: Sent = {
      ...{ partner: partner.id, operation: operation.id, kind: operation.kind, step, key, read, input },
      outcome: 'unanswered',
      done: false,
    };
    this.sent.push(entry);
    // The partner knows the key: it answers what it has answered, and does nothing again.
    const before = operation.safety === 'keyed' ? this.carriedOut.get(key) : undefined;
    const result = before ? okOf(before) : await this.answerTo(call, entry);
    entry.outcome = result.outcome;
    if (result.outcome === 'ok') entry.output = result.output;
    return result;
  }

  async lookUp({ key, partner, operation }: PartnerCall): Promise<LookUpResult<unknown>> {
    const told = this.lookUps.get(key);
    if (told) return told;
    const done = this.carriedOut.get(key);
    if (done) return { found: true, ...done };
    // A look-up before anything was sent under this key would be a question about nothing.
    if (!this.sent.some((entry) => entry.key === key))
      this.problems.push(`${partner.id}.${operation.id} was looked up and never sent`);
    return { found: false };
  }

  /** How often the call of a key was carried out: more than once is a double effect. */
  timesDone(key: string): number {
    return this.sent.filter((entry) => entry.key === key && entry.done).length;
  }

  private async answerTo(call: PartnerCall, entry: Sent): Promise<OperationResult<unknown>> {
    const isFailed = this.fault?.step === entry.step && !entry.read;
    if (isFailed && this.fault?.kind !== 'unknown' && !this.faultIsOver(entry)) return this.failed();
    const [answer, path] = this.nextAnswer(entry);
    if (!answer) {
      this.problems.push(noAnswer(entry));
      return {
        outcome: 'fatal',
        message: 'the flow test has no answer for this call',
        vendorCode: 'NO_ANSWER',
      };
    }
    const result = await this.given(call, answer, path, entry);
    if (!isFailed || this.fault?.kind !== 'unknown' || result.outcome !== 'ok' || this.faultIsOver(entry))
      return result;
    return { outcome: 'unknown', message: faultMessage };
  }

  /** Silence ends: what got no answer once is answered when it is asked again. */
  private faultIsOver(entry: Sent): boolean {
    const kind = this.fault?.kind;
    return (
      (kind === 'unknown' || kind === 'lost') &&
      this.sent.some((other) => other !== entry && other.key === entry.key && other.outcome === 'unknown')
    );
  }

  private failed(): OperationResult<unknown> {
    switch (this.fault?.kind) {
      case 'business':
        return { outcome: 'business', code: 'INTEGRATION_FAILURE', message: faultMessage };
      case 'technical':
        return { outcome: 'fatal', message: faultMessage, vendorCode: 'FAULT_MATRIX' };
      default:
        return { outcome: 'unknown', message: faultMessage };
    }
  }

  /** Of the most specific name: partner before kind, and with its step before without. */
  private nextAnswer({ partner, kind, operation, step }: Sent): [Answer | undefined, string] {
    const base = [`${partner}.${operation}`, `${kind}.${operation}`];
    const name = [...base.map((one) => `${one}@${step}`), ...base].find((one) => this.answers[one]);
    if (name === undefined) return [undefined, ''];
    const list = this.answers[name];
    if (!Array.isArray(list)) return [list, `answers.${name}`];
    const taken = this.taken.get(name) ?? 0;
    this.taken.set(name, taken + 1);
    const index = Math.min(taken, list.length - 1);
    return [list[index], `answers.${name}[${index}]`];
  }

  private async given(
    call: PartnerCall,
    answer: Answer,
    path: string,
    entry: Sent,
  ): Promise<OperationResult<unknown>> {
    if ('business' in answer)
      return {
        outcome: 'business',
        code: answer.business,
        message: answer.message,
        ...(answer.vendorCode === undefined ? {} : { vendorCode: answer.vendorCode }),
      };
    if ('technical' in answer)
      return {
        outcome: 'fatal',
        message: answer.technical,
        ...(answer.vendorCode === undefined ? {} : { vendorCode: answer.vendorCode }),
      };
    if ('retry' in answer) return { outcome: 'retryable', message: answer.retry };
    await this.keepLookUp(call, answer, path);
    if ('unknown' in answer) {
      if (answer.done !== undefined) {
        const output = await this.outputOf(call, answer.done, `${path}.done`);
        this.carryOut(entry, { output, confirmed: true });
      }
      return { outcome: 'unknown', message: answer.unknown };
    }
    const output = await this.outputOf(call, answer.ok, `${path}.ok`);
    const { confirmed, reference } = answer;
    const done = { output, confirmed, ...(reference === undefined ? {} : { reference }) };
    this.carryOut(entry, done);
    return okOf(done);
  }

  private carryOut(entry: Sent, done: { output: unknown; confirmed: boolean; reference?: string }): void {
    if (entry.read) return;
    entry.done = true;
    entry.output = done.output;
    this.carriedOut.set(entry.key, done);
  }

  private async keepLookUp(
    call: PartnerCall,
    answer: Extract<Answer, { lookUp?: unknown }>,
    path: string,
  ): Promise<void> {
    if (answer.lookUp === undefined) return;
    const { lookUp } = answer;
    this.lookUps.set(
      call.key,
      lookUp === 'nothing'
        ? { found: false }
        : {
            found: true,
            output: await this.outputOf(call, lookUp.ok, `${path}.lookUp.ok`),
            confirmed: lookUp.confirmed ?? true,
          },
    );
  }

  /** As the operation defines it: an answer that its connector could never give proves nothing. */
  private async outputOf(call: PartnerCall, output: unknown, path: string): Promise<unknown> {
    const { operation, partner, input } = call;
    const last = Object.fromEntries(
      this.sent
        .filter((entry) => entry.outcome === 'ok' || entry.done)
        .map((entry) => [`${entry.kind}.${entry.operation}`, { input: entry.input, output: entry.output }]),
    );
    const value = await resolved(
      output,
      { ...this.scope(), input, sent: last, key: call.key, case: call.caseId },
      path,
    );
    const parsed = operation.output.safeParse(value);
    if (parsed.success) return parsed.data;
    for (const issue of parsed.error.issues)
      this.problems.push(
        `${path}.${issue.path.map(String).join('.')}: ${partner.id}.${operation.id} never answers that: ${issue.message}`,
      );
    return value;
  }
}

function okOf(done: { output: unknown; confirmed: boolean; reference?: string }): OperationResult<unknown> {
  return { outcome: 'ok', ...done };
}

function noAnswer({ partner, operation, step, input }: Sent): string {
  return `answers: ${partner}.${operation} (step ${step}) was called with ${JSON.stringify(input)} and has no answer`;
}
