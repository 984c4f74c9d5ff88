/** Templates and clones over REST, on the starter flows. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addTemplate } from '../../lib/flowfiles/clones/files';
import type { FlowNode } from '../../lib/flowfiles/format';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';

describe('templates and clones over REST', () => {
  let gateway: TestGateway;
  let flowsDir: string;
  before(async () => {
    gateway = await startGateway();
    flowsDir = join(gateway.dataDir, 'flows');
  });
  after(() => gateway.stop());

  const as = 'analyst' as const;
  const edit = (path: string, change: (node: FlowNode) => FlowNode) => {
    const file = join(flowsDir, path);
    const nodes = JSON.parse(readFileSync(file, 'utf8')) as FlowNode[];
    writeFileSync(file, JSON.stringify(nodes.map(change)));
  };
  const audited = async (subject: string): Promise<string[]> => {
    const { json } = await ask(gateway, `GET /audit?subject=${encodeURIComponent(subject)}`);
    return json.items.map((entry: { action: string; actor: string; outcome: string }) =>
      [entry.action, entry.outcome, entry.actor.replace(/:.*/, '')].join(' '),
    );
  };

  it('lists templates with a schema that a form can be drawn from', async () => {
    const { json } = await ask(gateway, 'GET /templates', { as });
    const pick = json.items.find(({ id }: { id: string }) => id === 'short-pick');
    assert.deepEqual(pick.schema.properties.APPROVAL_LIMIT, {
      title: 'Approval limit',
      description: "Order value above which a person decides, in the order's currency",
      type: 'number',
      minimum: 0,
    });
    assert.ok(json.regions.some(({ id }: { id: string }) => id === 'na-us'));
  });

  it('refuses a clone that is there, and one of what there is not; both are audited', async () => {
    const body = { region: 'emea-de' };
    const there = await ask(gateway, 'POST /templates/short-pick/clone', { as, body });
    assert.deepEqual([there.status, there.json.code], [422, 'clone-exists']);
    const none = await ask(gateway, 'POST /templates/no-such/clone', { as, body });
    assert.deepEqual([none.status, none.json.code], [404, 'template-unknown']);
    assert.deepEqual(await audited('clone:emea-de.short-pick'), ['template.clone refused token']);
  });

  it('shows drift, previews an upgrade with its conflict, refuses it, and does it as chosen', async () => {
    edit('regions/emea-de/short-pick.json', (node) =>
      node.id === 'emea-de.short-pick.note' ? { ...node, name: 'Notiz' } : node,
    );
    edit('global/short-pick.json', (node) =>
      node.id === 'short-pick.note' ? { ...node, name: 'note' } : node,
    );
    await addTemplate({ flowsDir, flow: 'global/short-pick.json', id: 'short-pick' });
    const clones = await ask(gateway, 'GET /clones', { as });
    const status = clones.json.items.find(
      ({ region, template }: Record<string, string>) => region === 'emea-de' && template === 'short-pick',
    );
    assert.deepEqual([status.state, status.newest, status.upgradeAvailable], ['drifted', '1.1.0', true]);

    const path = '/clones/emea-de.short-pick/upgrade';
    const key = 'emea-de.short-pick.note.name';
    const preview = await ask(gateway, `GET ${path}`, { as });
    assert.deepEqual([preview.status, preview.json.open], [200, [key]]);
    assert.deepEqual(
      preview.json.conflicts.map(({ kind, base, ours, theirs }: Record<string, string>) => [
        kind,
        base,
        ours,
        theirs,
      ]),
      [['BOTH_CHANGED', 'ERP note', 'Notiz', 'note']],
    );
    const refused = await ask(gateway, `POST ${path}`, { as, body: {} });
    assert.deepEqual([refused.status, refused.json.code], [422, 'conflicts-open']);
    const dry = await ask(gateway, `POST ${path}`, { as, body: { take: { [key]: 'theirs' }, dryRun: true } });
    assert.deepEqual([dry.status, dry.json.open, dry.json.changes.length], [200, [], 1]);
    const done = await ask(gateway, `POST ${path}`, { as, body: { take: { [key]: 'ours' } } });
    assert.deepEqual([done.status, done.json.to], [200, '1.1.0']);
    assert.deepEqual(await audited('clone:emea-de.short-pick'), [
      'clone.upgrade done token',
      'clone.upgrade refused token',
      'template.clone refused token',
    ]);
  });

  for (const [call, code] of [
    ['GET /clones/emea-de/upgrade', 400],
    ['GET /clones/mars.short-pick/upgrade', 404],
    ['GET /clones/emea-de.short-pick/upgrade?to=7.0.0', 404],
  ] as const)
    it(`answers ${code} to ${call}`, async () => {
      assert.equal((await ask(gateway, call, { as })).status, code);
    });
});
