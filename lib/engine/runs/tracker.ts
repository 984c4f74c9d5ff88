/**
 * Knows when a run has settled: it counts the run's messages through Node-RED's message hooks, on their way
 * (`preDeliver` to `onReceive`) and in hand (`onReceive` to `onComplete`). When both are zero and stay so for two turns
 * of the event loop (a Catch node receives after `onComplete`), the attempt has ended.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { FatalError, isRerouteError } from '../../model/errors';
import type { FlowMessage } from '../api';
import type { EngineLimits } from '../limits';
import { snapshotOf } from '../snapshot';
import type { ActiveRun, AttemptFailure, Held } from './active-run';
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

/** The longest that an old-style node keeps a message in hand while it is busy with others. */
const longestGraceMs = 1_000;

export class RunTracker {
  private readonly open = new Map<string, ActiveRun>();
  /** Whose work the present call stack is, also after awaits and timers: tells which run an error belongs to that nobody caught. */
  private readonly present = new AsyncLocalStorage<ActiveRun>();
  /** Old-style nodes: when each last sent, and how long after its handler had returned it was ever seen to send (ms). */
  private readonly oldStyle = new Map<string, { sentAt: number; lateness: number }>();

  constructor(
    private readonly limits: EngineLimits,
    private readonly now: () => number,
    private readonly onSettled: (run: ActiveRun) => void,
    private readonly onLate: (run: ActiveRun) => Promise<boolean>,
  ) {}

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
    const message = wordsOf(error);
    const held = run.held.at(-1);
    run.fail({
      code: 'STRAY_ERROR',
      message: `an error that no node caught: ${message}`,
      hint: 'A Function node has left a promise without a catch, or a timer that throws: await it, or catch it.',
      ...(held
        ? {
            nodeId: held.nodeId,
            nodeType: held.nodeType,
            ...(held.nodeName ? { nodeName: held.nodeName } : {}),
          }
        : {}),
      ...(run.flowId === undefined ? {} : { flowId: run.flowId }),
    });
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
    const seen = this.oldStyle.get(sourceId);
    if (seen) seen.sentAt = performance.now();
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
    const error = new FatalError(
      'LOOP_LIMIT',
      `the run delivered more than ${this.limits.maxHops} messages within one attempt`,
      {
        hint: 'Look for wires that lead back without an end, or split the work into several runs.',
      },
    );
    run.fail({
      ...{
        code: error.code,
        message: error.message,
        error,
        nodeId: destination.id,
        nodeType: destination.type,
      },
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(destination.z === undefined ? {} : { flowId: destination.z }),
      snapshot: snapshotOf(message, this.limits.maxMessageChars),
    });
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
    else if ((node._expectedDoneCount ?? 1) === 0) this.graceFor(run, held);
  }

  /**
   * A node like Switch works through a queue of its own: a message whose turn has not come is still in hand. So it is kept until
   * the node has sent something of this run, or has sent nothing at all for a while; a second at most, or four times the longest
   * silence after which the node was ever seen to send. Measured by the process's own clock: the engine's may stand still in a test.
   */
  private graceFor(run: ActiveRun, held: Held): void {
    const { nodeId } = held;
    const returnedAt = performance.now();
    const seen = this.oldStyle.get(nodeId) ?? { sentAt: 0, lateness: 0 };
    this.oldStyle.set(nodeId, seen);
    const look = () => {
      const now = performance.now();
      if (held.sent > 0) {
        seen.lateness = Math.max(seen.lateness, now - returnedAt);
        this.giveBack(run, held);
        return;
      }
      const silent = now - Math.max(returnedAt, seen.sentAt);
      const ceiling = Math.max(longestGraceMs, 4 * seen.lateness);
      if (silent >= Math.max(this.limits.quietGraceMs, seen.lateness) || now - returnedAt >= ceiling)
        this.giveBack(run, held);
      else setTimeout(look, this.limits.quietGraceMs).unref();
    };
    if (held.sent > 0) this.giveBack(run, held);
    else setTimeout(look, this.limits.quietGraceMs).unref();
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

/** Errors of Function nodes are made in a context of their own, so they are no instances of our Error. */
function wordsOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}

/** Node's code for a script that ran into its time limit: https://nodejs.org/api/errors.html#err_script_execution_timeout */
function isEndless(error: unknown): boolean {
  return (
    typeof error === 'object' &&
    error !== null &&
    'code' in error &&
    error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT'
  );
}

/** Another attempt would hold up everything for as long again. */
const endlessError = new FatalError(
  'FUNCTION_TIMEOUT',
  'the Function node ran into its time limit; nothing else could run meanwhile',
  { hint: 'Look for a loop without an end in the node, then replay.' },
);
const endless = {
  code: endlessError.code,
  message: endlessError.message,
  error: endlessError,
  ...(endlessError.hint === undefined ? {} : { hint: endlessError.hint }),
};

function failureOf(error: unknown, text: string, node: RuntimeNode, snapshot: unknown): AttemptFailure {
  const place = {
    nodeId: node.id,
    nodeType: node.type,
    ...(node.name ? { nodeName: node.name } : {}),
    ...(node.z ? { flowId: node.z } : {}),
  };
  if (isEndless(error)) return { ...place, ...endless, snapshot };
  if (isRerouteError(error)) {
    return {
      ...place,
      code: error.code,
      message: text,
      error,
      snapshot,
      ...(error.hint === undefined ? {} : { hint: error.hint }),
    };
  }
  return { ...place, code: 'NODE_ERROR', message: text, snapshot };
}
