/** Plays one scenario on a runtime: the facts, what happens then, and what is expected in the end. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { FlowNode } from '../flowfiles/format';
import type { CaseState } from '../model/case';
import { FatalError, isRerouteError } from '../model/errors';
import { durationMsOf } from './clock';
import { check } from './expect';
import type { FlowTest, Given, GivenPayload, Scenario, Step } from './format';
import { draftOf } from './given';
import { type Observed, observe } from './observed';
import type { FlowRuntime } from './runtime';
import type { Fault, PartnerScript } from './script';
import { resolved, resolvedText } from './templates';

export interface Stage {
  runtime: FlowRuntime;
  script: PartnerScript;
  test: FlowTest;
  /** Folder of the test file: what it names by path lies there. */
  folder: string;
  flows: readonly FlowNode[];
  /** What ids are made from: the same name, the same ids. */
  seed: string;
}

export interface Played {
  failures: string[];
  observed: Observed;
}

/** With a fault the stated expectations do not hold: whoever set it judges what was observed. */
export async function play(stage: Stage, scenario: Scenario, fault?: Fault): Promise<Played> {
  const player = new Player(stage, scenario, fault !== undefined);
  return player.play(fault);
}

class Player {
  private given = 0;
  private readonly failures: string[] = [];

  constructor(
    private readonly stage: Stage,
    private readonly scenario: Scenario,
    private readonly faulty: boolean,
  ) {}

  async play(fault: Fault | undefined): Promise<Played> {
    const { runtime, script, test, seed } = this.stage;
    const { scenario } = this;
    const clock = scenario.clock ?? test.clock;
    script.begin(fault);
    script.scope = () => this.scope();
    script.tell({ ...test.answers, ...scenario.answers });
    await runtime.begin(`${seed}|${scenario.name}`, clock === undefined ? undefined : Date.parse(clock));
    try {
      await this.giveAll(scenario.given, 'given');
      for (const [index, step] of scenario.then.entries()) await this.take(step, `then[${index}]`);
      if (fault) await this.toTheEnd();
    } catch (error) {
      if (!isRerouteError(error)) throw error;
      this.failures.push(error.message);
    }
    const observed = await observe(runtime, script);
    if (!this.faulty) await this.expect(scenario.expect, observed, 'expect');
    return { failures: [...script.problems, ...this.failures], observed };
  }

  private scope(): object {
    const { clock } = this.stage.runtime;
    return { now: clock.now(), start: clock.start };
  }

  private async expect(expected: Scenario['expect'], observed: Observed, path: string): Promise<void> {
    const scope = { ...this.scope(), cases: observed.cases, effects: observed.effects };
    try {
      this.failures.push(...(await check(expected, { observed, nodeName: this.nodeName, scope }, path)));
    } catch (error) {
      if (!isRerouteError(error)) throw error;
      this.failures.push(error.message);
    }
  }

  private readonly nodeName = (id: string): string => {
    const node = this.stage.flows.find((one) => one.id === id);
    return node?.name || node?.label || id;
  };

  private async giveAll(list: readonly Given[], path: string): Promise<void> {
    for (const [index, given] of list.entries()) await this.give(given, `${path}[${index}]`);
  }

  private async give(given: Given, path: string): Promise<void> {
    const { runtime } = this.stage;
    const told = (await resolved(given, this.scope(), path)) as Given;
    this.given += 1;
    if ('fact' in told) {
      const { partner = 'reroute' } = told;
      await runtime.engine.recordFacts(partner, [draftOf(told, runtime.clock, path, this.given)]);
    } else await this.deliver(told, path);
    await runtime.settle();
    await this.refuseUntaken(path);
  }

  private async deliver(given: GivenPayload, path: string): Promise<void> {
    const { engine } = this.stage.runtime;
    const { partner, mediaType, headers = {} } = given;
    if (!this.takesDeliveries(partner))
      throw new FatalError('NOT_TAKEN', `${path}: no partner in node takes deliveries of ${partner}`);
    const isText = typeof given.payload === 'string' || given.file !== undefined;
    const body = await this.bodyOf(given);
    const answer = await engine.intake.fetched(partner, {
      body,
      headers: { 'content-type': mediaType ?? (isText ? 'text/plain' : 'application/json'), ...headers },
    });
    if (answer.kind === 'accepted' || answer.kind === 'duplicate' || answer.kind === 'conflict') return;
    const why = 'reason' in answer ? `: ${answer.reason}` : '';
    throw new FatalError('NOT_ACCEPTED', `${path}: the delivery of ${partner} was ${answer.kind}${why}`);
  }

  private takesDeliveries(partner: string): boolean {
    const { flows } = this.stage;
    const configured = flows.filter((node) => node.type === 'reroute-partner' && node.partnerId === partner);
    return flows.some(
      (node) => node.type === 'reroute-partner-in' && configured.some(({ id }) => id === node.partner),
    );
  }

  private async bodyOf({ payload, file }: GivenPayload): Promise<Uint8Array> {
    if (file !== undefined) return readFile(join(this.stage.folder, file));
    return Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload));
  }

  /** Cases that nobody takes make a scenario about nothing. One beside those under test may stay where it is. */
  private async refuseUntaken(path: string): Promise<void> {
    const { ledger, engine } = this.stage.runtime;
    const { items } = await ledger.cases({}, { limit: 200 });
    const [first] = items;
    if (!first || items.some((state) => state.state !== 'DETECTED' || engine.isTaken(state))) return;
    throw new FatalError(
      'NOT_TAKEN',
      `${path}: no exception in node of the flow takes the case ${first.code} (region ${first.region ?? 'none'}, partner ${first.partner})`,
    );
  }

  private async take(step: Step, path: string): Promise<void> {
    const { runtime, script } = this.stage;
    const { clock, engine } = runtime;
    if ('advance' in step) await runtime.liveTo(clock.now() + (durationMsOf(step.advance) ?? 0));
    else if ('advanceTo' in step)
      await runtime.liveTo(
        clock.momentOf(await resolvedText(step.advanceTo, this.scope(), `${path}.advanceTo`)),
      );
    else if ('given' in step) await this.giveAll(step.given, `${path}.given`);
    else if ('answers' in step) script.tell(step.answers);
    else if ('expect' in step) {
      if (!this.faulty) await this.expect(step.expect, await observe(runtime, script), `${path}.expect`);
    } else if ('signal' in step) {
      const { cases } = await observe(runtime, script);
      const name = await resolvedText(step.signal, { ...this.scope(), cases }, `${path}.signal`);
      const resumed = await engine.waits.signal(name, step.payload, step.by);
      if (resumed === 0 && !this.faulty)
        throw new FatalError('NOBODY_WAITS', `${path}.signal: nothing waits for ${name}`);
    } else await this.act(step, path);
    await runtime.settle();
  }

  private async act(step: PersonStep, path: string): Promise<void> {
    const state = await this.caseOf(step.case, path);
    const { engine } = this.stage.runtime;
    const { by: actor, role } = step;
    const outcome = await engine.cases.act(state.id, await this.actionOf(step, state, path), { actor, role });
    if (outcome.kind === 'done' || this.faulty) return;
    const why = outcome.kind === 'refused' ? `: ${outcome.message}` : '';
    throw new FatalError('ACTION_REFUSED', `${path}: ${outcome.kind}${why}`);
  }

  private async actionOf(
    step: PersonStep,
    state: CaseState,
    path: string,
  ): Promise<Parameters<FlowRuntime['engine']['cases']['act']>[1]> {
    const expectedVersion = state.version;
    if ('decide' in step) {
      const { decide: outcome, reason } = step;
      const then = (await resolved(step.then, this.scope(), `${path}.then`)) as typeof step.then;
      return { action: 'decide', outcome, reason, expectedVersion, ...(then === undefined ? {} : { then }) };
    }
    if ('operator' in step) {
      const { action, reason, evidence = [] } = step.operator;
      return action === 'resolve' || action === 'verify'
        ? { action, reason, evidence, expectedVersion }
        : { action, reason, expectedVersion };
    }
    const [name, decision] =
      'approve' in step ? ([step.approve, 'approve'] as const) : ([step.decline, 'decline'] as const);
    const { effects } = await observe(this.stage.runtime, this.stage.script);
    const effect = effects.findLast(({ step: own }) => own === name);
    if (!effect) throw new FatalError('NO_EFFECT', `${path}: there is no effect of the step ${name}`);
    return { action: 'decide', effects: [{ key: effect.key, decision }], expectedVersion };
  }

  private async caseOf(code: string | undefined, path: string): Promise<CaseState> {
    const { cases } = await observe(this.stage.runtime, this.stage.script);
    const found = cases.findLast((state) => code === undefined || state.code === code);
    if (found) return found;
    throw new FatalError('NO_CASE', `${path}: there is no case${code === undefined ? '' : ` ${code}`}`);
  }

  /** Until nothing waits for time any more. */
  private async toTheEnd(): Promise<void> {
    const { runtime } = this.stage;
    const limit = runtime.clock.now() + longestMs;
    for (;;) {
      const next = await runtime.nextDueAt();
      if (next === undefined || next > limit) return;
      await runtime.advanceTo(next);
    }
  }
}

/** A flow that is still at it after so long has no end. */
const longestMs = 30 * 86_400_000;

type PersonStep = Extract<Step, { role: unknown }>;
