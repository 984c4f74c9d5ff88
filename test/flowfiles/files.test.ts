import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isFlowPath, readFlowFolder, writeFlowFolder } from '../../lib/flowfiles/files';
import { FatalError } from '../../lib/model/errors';
import { tempDir } from '../support';
import { partner, soundFlow } from './nodes';

function folderOf(files: Record<string, unknown>): string {
  const folder = tempDir('flow-files');
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

describe('a folder of flow files', () => {
  it('is read from global and regions, without templates and what stands beside clones', async () => {
    const folder = folderOf({
      'global/late.json': soundFlow(),
      'regions/emea-de/late.json': soundFlow('emea-de.late'),
      'regions/emea-de/region.json': { calendar: 'DE' },
      'regions/emea-de/late.clone.json': { template: 'late' },
      'regions/emea-de/late.flowtest.json': { tests: [] },
      'library/late/1.0.0/flow.json': soundFlow('template'),
    });
    const { nodes, paths } = await readFlowFolder(folder);
    assert.equal(nodes.length, 8);
    assert.deepEqual(
      [...paths],
      [
        ['late', 'global/late.json'],
        ['emea-de.late', 'regions/emea-de/late.json'],
      ],
    );
  });

  it('is written as it was read: a second time changes no byte, unknown properties stay', async () => {
    const folder = folderOf({
      'regions/emea-de/late.json': [...soundFlow().map((one) => ({ ...one, später: { b: 1, a: 2 } }))],
    });
    const first = await readFlowFolder(folder);
    await writeFlowFolder(folder, first.nodes, first.paths);
    const text = readFileSync(join(folder, 'regions/emea-de/late.json'), 'utf8');
    assert.match(text, /"später": \{\n {6}"b": 1,\n {6}"a": 2/);
    const second = await readFlowFolder(folder);
    await writeFlowFolder(folder, [...second.nodes].reverse(), second.paths);
    assert.equal(readFileSync(join(folder, 'regions/emea-de/late.json'), 'utf8'), text);
  });

  it('loses the file of a removed flow and nothing that is no flow', async () => {
    const folder = folderOf({
      'global/late.json': soundFlow(),
      'regions/emea-de/late.json': soundFlow('x'),
      'regions/emea-de/region.json': {},
      'regions/emea-de/late.clone.json': {},
    });
    await writeFlowFolder(folder, [...soundFlow(), partner], new Map([['late', 'global/late.json']]));
    assert.deepEqual(
      [
        'global/late.json',
        'global/config.json',
        'regions/emea-de/late.json',
        'regions/emea-de/region.json',
        'regions/emea-de/late.clone.json',
      ].map((path) => existsSync(join(folder, path))),
      [true, true, false, true, true],
    );
  });

  for (const [what, content] of [
    ['no JSON', '{'],
    ['no list', '{"id":"x"}'],
    ['a node without a type', [{ id: 'x' }]],
  ] as const)
    it(`names the file that holds ${what}`, async () => {
      await assert.rejects(readFlowFolder(folderOf({ 'global/bad.json': content })), (error: unknown) => {
        assert.ok(error instanceof FatalError);
        assert.equal(error.code, 'FLOW_FILE_BROKEN');
        assert.match(error.message, /global\/bad\.json/);
        return true;
      });
    });

  it('takes paths below its two folders only', () => {
    const good = ['global/a.json', 'regions/emea-de/short-pick.json'];
    const bad = [
      'a.json',
      'library/a/1/flow.json',
      'global/../../etc/x.json',
      'global/.hidden.json',
      '/global/a.json',
      'regions/x/region.json',
      'global/a.clone.json',
      'global/a.flowtest.json',
      'global/a.txt',
    ];
    assert.deepEqual([good.filter(isFlowPath), bad.filter(isFlowPath)], [good, []]);
  });
});
