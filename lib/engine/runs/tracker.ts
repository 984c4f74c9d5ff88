/**
 * Knows when a run has settled: it counts the run's messages through Node-RED's message hooks, on their way
 * (`preDeliver` to `onReceive`) and in hand (`onReceive` to `onComplete`). When both are zero and stay so for two turns
 * of the event loop (a Catch node receives after `onComplete`), the attempt has ended.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { FlowMessage } from '../api';
import type { EngineLimits } from '../limits';
import { snapshotOf } from '../snapshot';
import type { ActiveRun, Held } from './active-run';
import { failureOf, loopFailure, strayFailure, wordsOf } from './blame';
import { OldStyleGrace } from './grace';
import { isOutward } from './outward';

/** The parts of a Node-RED runtime node that the hooks show us. */
export interface RuntimeNode {
  id: string;
  type: string;
  name?: string;
  z?: string;
  /** Handlers that take a `done`; 0 means an old-style node, which never completes a message. */
  _expectedDoneCount?: number;
}

export class RunTracker {
  private readonly open = new Map<string, ActiveRun>();
  /** Whose work the present call stack is, also after awaits and timers: tells which run an error belongs to that nobody caught. */
  private readonly present = new AsyncLocalStorage<ActiveRun>();
  private readonly grace: OldStyleGrace;

  constructor(
    private readonly limits: EngineLimits,
    private readonly now: () => number,
    private readonly onSettled: (run: ActiveRun) => void,
    private readonly onLate: (run: ActiveRun) => Promise<boolean>,
  ) {
    this.grace = new OldStyleGrace(limits.quietGraceMs);
  }

  get size(): number {
    return this.open.size;
  }

  /** Calls `work` as part of the run. */
  within(run: ActiveRun, work: () => void): void {
    this.present.run(run, work);
  }

  /**
   * An error that no node caught: a rejected promise or a throwing timer that a flow has left behind. It fails the attempt that it
   * belongs to. Answers the run's id; undefined when it belongs to none.
   */
  stray(error: unknown): string | undefined {
    const run = this.present.getStore();
    if (!run) return undefined;
    run.fail(strayFailure(error, run));
    if (run.isQuiet) this.checkSoon(run);
    return run.id;
  }

  add(run: ActiveRun): void {
    this.open.set(run.id, run);
  }

  remove(run: ActiveRun): void {
    if (this.open.get(run.id) === run) this.open.delete(run.id);
  }

  runs(): IterableIterator<ActiveRun> {
    return this.open.values();
  }

  get(runId: string): ActiveRun | undefined {
    return this.open.get(runId);
  }

  /** The run a message belongs to: by its tag, else by `_msgid`, which survives a Function node that builds a new message. */
  runOf(message: FlowMessage | undefined): ActiveRun | undefined {
    if (!message) return undefined;
    const tag = message.reroute;
    if (tag !== undefined) {
      const run = this.open.get(tag.runId);
      return run?.generation === tag.generation ? run : undefined;
    }
    return message._msgid === undefined ? undefined : this.open.get(message._msgid);
  }

  /** `preDeliver`: false drops the message, a promise holds it back. */
  sending(
    message: FlowMessage,
    destination: RuntimeNode,
    sourceId: string | undefined,
  ): false | undefined | Promise<false | undefined> {
    const run = this.runOf(message);
    // A tag without a run in memory is left over from an attempt that was given up: another attempt does its work.
    if (!run) return message.reroute === undefined ? undefined : false;
    if (run.phase === 'over') return false;
    if (run.phase !== 'open') return this.revive(run, message, destination, sourceId);
    return this.depart(run, message, destination, sourceId);
  }

  private depart(
    run: ActiveRun,
    message: FlowMessage,
    destination: RuntimeNode,
    sourceId: string | undefined,
  ): false | undefined {
    if (run.preview && isOutward(destination.type)) {
      run.preview.withheld.push({ nodeId: destination.id, nodeType: destination.type });
      return false;
    }
    run.hops += 1;
    if (run.hops > this.limits.maxHops) {
      this.loop(run, message, destination);
      return false;
    }
    if (message.reroute === undefined) run.tag(message);
    run.movement += 1;
    run.onTheWay.push(message);
    if (sourceId !== undefined) this.noteSend(run, sourceId);
    return undefined;
  }

  private noteSend(run: ActiveRun, sourceId: string): void {
    const holder = run.held.find((held) => held.nodeId === sourceId);
    if (holder) holder.sent += 1;
    this.grace.sent(sourceId);
  }

  private async revive(
    run: ActiveRun,
    message: FlowMessage,
    destination: RuntimeNode,
    sourceId: string | undefined,
  ): Promise<false | undefined> {
    await run.settled;
    const alive = run.phase === 'open' || (run.phase === 'settled' && (await this.onLate(run)));
    return alive ? this.depart(run, message, destination, sourceId) : false;
  }

  private loop(run: ActiveRun, message: FlowMessage, destination: RuntimeNode): void {
    run.fail(loopFailure(this.limits.maxHops, destination, snapshotOf(message, this.limits.maxMessageChars)));
    this.checkSoon(run);
  }

  /** `onReceive`. */
  received(message: FlowMessage, node: RuntimeNode): void {
    const run = this.runOf(message);
    if (!run || run.phase === 'over') return;
    const index = run.onTheWay.indexOf(message);
    if (index >= 0) run.onTheWay.splice(index, 1);
    run.movement += 1;
    const now = this.now();
    const step =
      run.trace.length < this.limits.maxTraceSteps
        ? { nodeId: node.id, nodeType: node.type, at: now, ...(node.name ? { nodeName: node.name } : {}) }
        : undefined;
    if (step) run.trace.push(step);
    run.held.push({
      nodeId: node.id,
      nodeType: node.type,
      nodeName: node.name,
      message,
      since: now,
      receiving: true,
      errored: false,
      sent: 0,
      step,
    });
    if (run.flowId === undefined) run.flowId = node.z;
  }

  /** `postReceive`: the handler has returned. An old-style node gives its message back after a grace. */
  handlerReturned(message: FlowMessage, node: RuntimeNode): void {
    const run = this.runOf(message);
    const held = run?.held.find(
      (entry) => entry.message === message && entry.nodeId === node.id && entry.receiving,
    );
    if (!run || !held) return;
    held.receiving = false;
    if (held.errored) this.giveBack(run, held);
    else if ((node._expectedDoneCount ?? 1) === 0) this.grace.start(held, () => this.giveBack(run, held));
  }

  /** `onComplete`. */
  completed(message: FlowMessage, nodeId: string): void {
    const run = this.runOf(message);
    const held = run?.held.find((entry) => entry.message === message && entry.nodeId === nodeId);
    if (run && held) this.giveBack(run, held);
  }

  private giveBack(run: ActiveRun, held: Held): void {
    const index = run.held.indexOf(held);
    if (index < 0) return;
    run.held.splice(index, 1);
    run.movement += 1;
    if (held.step) held.step.durationMs = this.now() - held.since;
    if (run.isQuiet) this.checkSoon(run);
  }

  /** A node reported an error; `handled` when a Catch node took it. */
  errored(message: FlowMessage | undefined, node: RuntimeNode, error: unknown, handled: boolean): void {
    // A Function node reports what its timers throw without the message: the call stack tells whose it was.
    const run = this.runOf(message) ?? (message?.reroute ? undefined : this.present.getStore());
    if (!run || run.phase === 'over') return;
    const text = wordsOf(error);
    const held = run.held.find((entry) => entry.message === message && entry.nodeId === node.id);
    if (held) {
      if (held.receiving) held.errored = true;
      if (held.step) held.step.error = text;
    }
    if (handled) return;
    run.fail(failureOf(error, text, node, snapshotOf(message, this.limits.maxMessageChars)));
    this.checkSoon(run);
  }

  /** Looks again two turns later and settles the attempt when nothing has moved since. */
  checkSoon(run: ActiveRun): void {
    if (run.settleCheckQueued || run.phase !== 'open') return;
    run.settleCheckQueued = true;
    const seen = run.movement;
    setImmediate(() =>
      setImmediate(() => {
        run.settleCheckQueued = false;
        if (run.phase !== 'open' || !run.isQuiet) return;
        if (run.movement !== seen) this.checkSoon(run);
        else this.onSettled(run);
      }),
    );
  }
}
