import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FlowFilesChangedError } from '../../lib/flowfiles/errors';
import { DeployOrder } from '../../lib/flowfiles/order';
import { FlowStorage } from '../../lib/flowfiles/storage';
import { tempDir } from '../support';
import { soundFlow } from './nodes';

describe('the storage of flows', () => {
  let folder: string;
  let storage: FlowStorage;
  let refuse: Error | undefined;
  beforeEach(async () => {
    folder = tempDir('flow-storage');
    refuse = undefined;
    mkdirSync(join(folder, 'flows', 'global'), { recursive: true });
    writeFileSync(file('late'), JSON.stringify(soundFlow()));
    storage = new FlowStorage({
      flowsDir: join(folder, 'flows'),
      dataDir: join(folder, 'data'),
      keeper: {
        loaded: async () => undefined,
        saving: async (_nodes, paths, _by, write) => {
          if (refuse) throw refuse;
          await write(paths);
        },
      },
    });
    await storage.getFlows();
  });

  const file = (name: string) => join(folder, 'flows', 'global', `${name}.json`);
  const late = (info: string) => soundFlow().map((one) => (one.id === 'late' ? { ...one, info } : one));
  const text = (name: string) => readFileSync(file(name), 'utf8');

  it('writes one deploy after the other', async () => {
    await storage.saveFlows(late('once'));
    await storage.saveFlows([...late('twice'), ...soundFlow('b')]);
    assert.match(text('late'), /twice/);
    await storage.saveFlows(late('twice'));
    assert.equal(existsSync(file('b')), false);
  });

  it('writes over nothing that was changed beside it, and says what would be lost', async () => {
    writeFileSync(file('late'), JSON.stringify(late('by hand')));
    writeFileSync(file('new'), JSON.stringify(soundFlow('new')));
    await assert.rejects(storage.saveFlows(late('from the editor')), (error: unknown) => {
      assert.ok(error instanceof FlowFilesChangedError);
      assert.deepEqual(
        error.diff.map(({ flowId, change }) => `${change} ${flowId}`),
        ['changed late', 'removed new'],
      );
      assert.match(error.message, /global\/late\.json, global\/new\.json/);
      return true;
    });
    assert.match(text('late'), /by hand/);
  });

  it('takes a deploy of the very files, and goes on from there', async () => {
    writeFileSync(file('late'), JSON.stringify(late('by hand')));
    await storage.saveFlows(late('by hand'));
    await storage.saveFlows(late('from the editor'));
    assert.match(text('late'), /from the editor/);
  });

  it('does not mind how a file is laid out', async () => {
    writeFileSync(file('late'), JSON.stringify([...soundFlow()].reverse(), null, 7));
    await storage.saveFlows(late('from the editor'));
    assert.match(text('late'), /from the editor/);
  });

  it('takes a sick deploy back whatever happened to the files', async () => {
    writeFileSync(file('late'), JSON.stringify(late('by hand')));
    const order = {
      author: 'system',
      message: '',
      source: 'auto-rollback',
      watchMs: 0,
      refuse: 'none',
    } as const;
    await storage.saveFlows(late('as before'), new DeployOrder(order));
    assert.match(text('late'), /as before/);
  });

  it('leaves the files alone when the deploy is refused', async () => {
    refuse = new Error('no');
    await assert.rejects(storage.saveFlows(late('refused')), /no/);
    assert.doesNotMatch(text('late'), /refused/);
  });
});
