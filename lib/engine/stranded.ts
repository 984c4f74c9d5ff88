/**
 * Messages that wait at nodes a deploy has removed. They would wait for a timer or a signal that leads nowhere: they are let go
 * at once, become dead letters that name the node, and an operator moves them to a node that is there.
 */
import type { DeadLetter, RunRecord } from '../ledger/runs';
import { FatalError } from '../model/errors';
import { healingNodeId } from './cases/healing-node';
import type { EngineDeps } from './deps';
import type { Replays } from './replays';

/** Resumed in one transaction. */
const batch = 200;

export interface Stranded {
  nodeId: string;
  waiting: number;
}

/** Nodes at which messages wait and that are not among the deployed ones. */
export async function strandedAt(
  { ledger }: Pick<EngineDeps, 'ledger'>,
  deployed: ReadonlySet<string>,
): Promise<Stranded[]> {
  const waiting = await ledger.waitingNodes();
  // There the engine itself goes on, whatever is deployed.
  return waiting.filter(({ nodeId }) => nodeId !== healingNodeId && !deployed.has(nodeId));
}

/** @returns how many messages were let go */
export async function releaseStranded(
  deps: Pick<EngineDeps, 'ledger' | 'dispatch' | 'now'>,
  deployed: ReadonlySet<string>,
  by: string,
): Promise<number> {
  const nodeIds = (await strandedAt(deps, deployed)).map(({ nodeId }) => nodeId);
  if (nodeIds.length === 0) return 0;
  let released = 0;
  for (let partition = 0; partition < deps.ledger.partitions; partition += 1) {
    for (;;) {
      const runs = await deps.ledger.releaseParked(partition, { nodeIds, by, now: deps.now(), limit: batch });
      released += runs.length;
      if (runs.length > 0) deps.dispatch.notify(partition);
      if (runs.length < batch) break;
    }
  }
  return released;
}

export interface MoveRequest {
  deadLetterId: string;
  /** Any deployed node with an input. */
  nodeId: string;
  by: string;
  reason: string;
}

/**
 * Lets the message of a dead letter go on at another node: a replay of one item, with everything that replays leave behind.
 * @returns id of the replay; undefined when there is no such dead letter
 * @throws FatalError NOT_PARKED, NOT_OPEN, NODE_UNKNOWN
 */
export async function moveDeadLetter(
  deps: EngineDeps,
  replays: Replays,
  request: MoveRequest,
): Promise<string | undefined> {
  const letter = await deps.ledger.deadLetter(request.deadLetterId);
  if (!letter) return undefined;
  await checkMove(deps, letter, request.nodeId);
  const { replay } = await replays.create({
    name: `move to ${request.nodeId}`,
    reason: request.reason,
    by: request.by,
    mode: 'live',
    ids: [letter.id],
    moveTo: request.nodeId,
  });
  await replays.start(replay.id);
  return replay.id;
}

async function checkMove(deps: EngineDeps, letter: DeadLetter, nodeId: string): Promise<void> {
  if (letter.state !== 'open')
    throw new FatalError('NOT_OPEN', `the dead letter ${letter.id} is ${letter.state} already`);
  if (!(await isParked(deps, letter)))
    throw new FatalError('NOT_PARKED', 'only a message that was parked can go on at another node', {
      hint: 'Replay this dead letter instead: it begins where its run began.',
    });
  if (!deps.nodeAt?.(nodeId))
    throw new FatalError(
      'NODE_UNKNOWN',
      `no node ${nodeId} is deployed, so the message cannot be moved there`,
      {
        hint: 'Name a node with an input of the deployed flows by its id.',
      },
    );
}

/** Its run went on from a parked message, itself or as the replay of one that did. */
async function isParked({ ledger }: EngineDeps, letter: DeadLetter): Promise<boolean> {
  const seen = new Set<string>();
  let run: RunRecord | undefined = await ledger.run(letter.runId ?? letter.ref);
  while (run?.kind === 'replay' && !seen.has(run.id)) {
    seen.add(run.id);
    run = run.causationId === undefined ? undefined : await ledger.run(run.causationId);
  }
  return run?.kind === 'resume';
}
