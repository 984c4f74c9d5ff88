/** A process that accepts and settles as fast as it can and prints what was acknowledged, until it is killed. */
import { anItem, nextId } from '../../lib/ledger/conformance/builders';
import { openSqliteLedger } from '../../lib/ledger/sqlite/engine';

async function main(path: string, generation: string): Promise<void> {
  const ledger = await openSqliteLedger(path, { partitions: 4 });
  const [lease] = await ledger.acquire({
    owner: generation,
    partitions: [0],
    now: Date.now(),
    leaseMs: 60_000,
    force: true,
  });
  if (!lease) throw new Error('no lease');
  const work = async (worker: number): Promise<void> => {
    for (;;) {
      const id = nextId(`${generation}-${worker}`);
      const at = Date.now();
      const item = anItem({ id, orderKey: `${generation}-${worker}`, receivedAt: at });
      await ledger.accept(0, [item], { fence: lease.fence });
      process.stdout.write(`accepted ${id}\n`);
      await ledger.settleRuns(lease, [{ runId: id, outcome: 'done', at }]);
      process.stdout.write(`settled ${id}\n`);
    }
  };
  await Promise.all(Array.from({ length: 32 }, (_, worker) => work(worker)));
}

const [, , path = '', generation = ''] = process.argv;
if (path !== '') void main(path, generation);
