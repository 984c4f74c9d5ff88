/** Which failure an attempt gets for an error of its flow, and which node is to blame. Pure. */
import { FatalError, isRerouteError } from '../../model/errors';
import type { ActiveRun, AttemptFailure } from './active-run';

/** The node as far as a failure names it. */
export interface BlamedNode {
  id: string;
  type: string;
  name?: string;
  z?: string;
}

/** Errors of Function nodes are made in a context of their own, so they are no instances of our Error. */
export function wordsOf(error: unknown): string {
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

export function failureOf(error: unknown, text: string, node: BlamedNode, snapshot: unknown): AttemptFailure {
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

/** What a run fails with whose flow has left an error behind that no node caught; blames the node that holds a message. */
export function strayFailure(error: unknown, run: ActiveRun): AttemptFailure {
  const held = run.held.at(-1);
  return {
    code: 'STRAY_ERROR',
    message: `an error that no node caught: ${wordsOf(error)}`,
    hint: 'A Function node has left a promise without a catch, or a timer that throws: await it, or catch it.',
    ...(held
      ? {
          nodeId: held.nodeId,
          nodeType: held.nodeType,
          ...(held.nodeName ? { nodeName: held.nodeName } : {}),
        }
      : {}),
    ...(run.flowId === undefined ? {} : { flowId: run.flowId }),
  };
}

/** What a run fails with that delivers messages without an end. */
export function loopFailure(maxHops: number, node: BlamedNode, snapshot: unknown): AttemptFailure {
  const error = new FatalError(
    'LOOP_LIMIT',
    `the run delivered more than ${maxHops} messages within one attempt`,
    {
      hint: 'Look for wires that lead back without an end, or split the work into several runs.',
    },
  );
  return {
    ...{ code: error.code, message: error.message, error, nodeId: node.id, nodeType: node.type, snapshot },
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    ...(node.z === undefined ? {} : { flowId: node.z }),
  };
}
