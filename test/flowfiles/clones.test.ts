/** Templates, regional clones and upgrades, on the starter flow files of the repository. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clones, type UpgradeRequest } from '../../lib/flowfiles/clones/clones';
import { addTemplate, fileTarget } from '../../lib/flowfiles/clones/files';
import { CloneKeeper } from '../../lib/flowfiles/clones/keeper';
import type { FlowTestReport, FlowTestRequest } from '../../lib/flowfiles/clones/tests';
import { listTemplates } from '../../lib/flowfiles/clones/view';
import { readFlowFolder, writeFlowFolder } from '../../lib/flowfiles/files';
import type { FlowNode } from '../../lib/flowfiles/format';
import type { Side } from '../../lib/flowfiles/merge/conflicts';
import { startRegion } from '../../lib/flowfiles/templates/start-region';
import { RerouteError } from '../../lib/model/errors';
import { root, tempDir } from '../support';

const refusal = (code: string, words?: RegExp) => (error: unknown) => {
  assert.ok(error instanceof RerouteError);
  assert.equal(error.code, code, error.message);
  if (words) assert.match(error.message, words);
  return true;
};

class Folder {
  readonly dir = tempDir('clones');
  readonly tested: FlowTestRequest[] = [];
  report: FlowTestReport = { files: [], passed: 1, failures: [] };

  constructor() {
    cpSync(join(root, 'flows'), this.dir, { recursive: true });
  }

  clones(): Clones {
    return new Clones({
      flowsDir: this.dir,
      target: fileTarget(this.dir),
      now: () => Date.UTC(2026, 10, 25),
      runTests: async (request) => {
        this.tested.push(request);
        return this.report;
      },
    });
  }

  text(path: string): string {
    return readFileSync(join(this.dir, path), 'utf8');
  }
  flow(path: string): FlowNode[] {
    return JSON.parse(this.text(path)) as FlowNode[];
  }
  node(path: string, id: string): FlowNode {
    const found = this.flow(path).find((node) => node.id === id);
    assert.ok(found, `${id} in ${path}`);
    return found;
  }
  /** As somebody changes a flow in the editor. */
  edit(path: string, change: (node: FlowNode) => FlowNode | undefined): void {
    const nodes = this.flow(path).flatMap((node) => change(node) ?? []);
    writeFileSync(join(this.dir, path), JSON.stringify(nodes));
  }
  set(path: string, id: string, properties: Record<string, unknown>): void {
    this.edit(path, (node) => (node.id === id ? { ...node, ...properties } : node));
  }
}

const setting = (tab: FlowNode, name: string): string | undefined =>
  (tab.env as { name: string; value: string }[]).find((variable) => variable.name === name)?.value;

const german = 'regions/emea-de/short-pick.json';
const upgradeGerman = (choices: Record<string, Side> = {}): UpgradeRequest => ({
  ...{ template: 'short-pick', region: 'emea-de', author: 'ada' },
  choices: new Map(Object.entries(choices)),
});

describe('the starter', () => {
  const starter = new Clones({
    ...{ flowsDir: join(root, 'flows'), target: { save: async () => assert.fail('nothing is written') } },
    now: Date.now,
  });

  it('has valid templates, and clones of each for every region, as the template made them', async () => {
    const { templates, regions } = await listTemplates(starter);
    assert.deepEqual(
      regions.map(({ id }) => id),
      ['global', 'emea-de', 'na-us'],
    );
    for (const { id, clones, codes, versions } of templates) {
      assert.ok(codes.length > 0, id);
      assert.deepEqual(
        clones.map(({ region }) => region),
        ['global', 'emea-de', 'na-us'],
        id,
      );
      assert.ok(versions.includes(clones[0]?.version ?? ''), id);
    }
    for (const { template, region, state, drift } of await starter.status())
      assert.equal(state, 'in-step', `${region} ${template}: ${JSON.stringify(drift).slice(0, 500)}`);
  });

  it('has regions that differ in carriers, thresholds and calendars', async () => {
    const [de, us] = [await starter.library.region('emea-de'), await starter.library.region('na-us')];
    assert.notEqual(de.carriers[0], us.carriers[0]);
    assert.notDeepEqual(de.thresholds, us.thresholds);
    assert.notDeepEqual(de.calendars.default.holidays, us.calendars.default.holidays);
    assert.notEqual(de.calendars.default.zone, us.calendars.default.zone);
  });

  it('gives regional flows the cases of their region, and ids of their own', () => {
    const folder = new Folder();
    const ids = ['global/short-pick.json', german, 'regions/na-us/short-pick.json'].flatMap((path) =>
      folder.flow(path).map(({ id }) => id),
    );
    assert.equal(new Set(ids).size, ids.length);
    assert.equal(folder.node('global/short-pick.json', 'short-pick.in').regions, '');
    assert.equal(folder.node(german, 'emea-de.short-pick.in').regions, 'emea-de');
  });

  it('ends in a region the alerts that the region raised', () => {
    const flow = new Folder().flow('regions/emea-de/unmapped-status.json');
    const ended = flow.filter(({ type, of }) => type === 'reroute-alert' && of !== '');
    assert.deepEqual(
      ended.map(({ of }) => of),
      ['emea-de.unmapped.alert'],
    );
    assert.ok(flow.some(({ id }) => id === 'emea-de.unmapped.alert'));
  });

  it('is loaded without the files that stand beside the flows', async () => {
    const folder = new Folder();
    const { nodes, paths } = await readFlowFolder(folder.dir);
    assert.equal(paths.get('emea-de.short-pick'), german);
    await writeFlowFolder(folder.dir, nodes, paths);
    for (const path of ['regions/emea-de/region.json', 'regions/emea-de/short-pick.clone.json'])
      assert.ok(existsSync(join(folder.dir, path)), path);
  });
});

describe('cloning a template', () => {
  it('for a new region takes its settings, and what is set, and is the same each time', async () => {
    const made = [new Folder(), new Folder()];
    for (const folder of made) {
      assert.ok(await startRegion(folder.dir, 'apac-sg', 'emea-de'));
      const parameters = { APPROVAL_LIMIT: 2500, BACKORDER_DAYS: null };
      const request = { template: 'short-pick', region: 'apac-sg', parameters, author: 'ada' };
      const record = await folder.clones().clone(request);
      assert.equal(record.nodes['short-pick.decide'], 'apac-sg.short-pick.decide');
    }
    const [folder, again] = made;
    const path = 'regions/apac-sg/short-pick.json';
    const tab = folder?.node(path, 'apac-sg.short-pick');
    assert.ok(tab);
    assert.equal(tab.label, 'Short pick (apac-sg)');
    assert.deepEqual(
      ['APPROVAL_LIMIT', 'BACKORDER_DAYS', 'CARRIER'].map((name) => setting(tab, name)),
      ['2500', '', 'dhl'],
    );
    assert.equal(folder?.text(path), again?.text(path));
  });

  it('takes the partners of the region by their role', async () => {
    const folder = new Folder();
    await startRegion(folder.dir, 'apac-sg', 'emea-de');
    const region = JSON.parse(folder.text('regions/apac-sg/region.json')) as {
      partners: Record<string, string>;
    };
    region.partners.erp = 'partner-erp-sg';
    writeFileSync(join(folder.dir, 'regions/apac-sg/region.json'), JSON.stringify(region));
    await folder.clones().clone({ template: 'short-pick', region: 'apac-sg', parameters: {}, author: 'ada' });
    const floor = folder.node('regions/apac-sg/short-pick.json', 'apac-sg.short-pick.verify-floor');
    assert.deepEqual([floor.partner, floor.alsoPartner], ['partner-wms', 'partner-erp-sg']);
  });

  const refused: [string, Record<string, unknown>, RegExp][] = [
    ['a value outside its limits', { APPROVAL_LIMIT: -1 }, /APPROVAL_LIMIT: .*>=0/],
    ['a value of another type', { BACKORDER_DAYS: 'soon' }, /BACKORDER_DAYS/],
    ['a parameter that there is not', { COLOUR: 'red' }, /COLOUR: the template has no such parameter/],
  ];
  for (const [what, parameters, words] of refused)
    it(`refuses ${what}, and writes nothing`, async () => {
      const folder = new Folder();
      await startRegion(folder.dir, 'apac-sg', 'emea-de');
      const request = { template: 'short-pick', region: 'apac-sg', parameters, author: 'ada' };
      await assert.rejects(folder.clones().clone(request), refusal('PARAMETERS_INVALID', words));
      assert.ok(!existsSync(join(folder.dir, 'regions/apac-sg/short-pick.json')));
    });

  it('refuses what it does not know, and what is there', async () => {
    const folder = new Folder();
    const clone = (template: string, region: string) =>
      folder.clones().clone({ template, region, parameters: {}, author: 'ada' });
    await assert.rejects(clone('no-such', 'emea-de'), refusal('TEMPLATE_UNKNOWN'));
    await assert.rejects(clone('short-pick', 'mars'), refusal('REGION_UNKNOWN'));
    await assert.rejects(clone('short-pick', 'emea-de'), refusal('CLONE_EXISTS'));
    const path = join(folder.dir, 'regions/na-us/region.json');
    writeFileSync(path, folder.text('regions/na-us/region.json').replace('"wms":', '"warehouse":'));
    writeFileSync(join(folder.dir, 'regions/na-us/short-pick.json'), '');
    await assert.rejects(clone('short-pick', 'na-us'), refusal('FLOW_FILE_BROKEN', /cannot be read as JSON/));
  });
});

describe('a clone that was changed', () => {
  it('is shown with what differs, by node and property', async () => {
    const folder = new Folder();
    folder.set(german, 'emea-de.short-pick.book', { step: 'rebook', x: 1 });
    folder.edit(german, (node) => (node.id === 'emea-de.short-pick.note' ? undefined : node));
    const status = (await folder.clones().status()).find(
      ({ region, template }) => region === 'emea-de' && template === 'short-pick',
    );
    assert.equal(status?.state, 'drifted');
    assert.deepEqual(
      status?.drift.map(({ node, change, properties }) => [
        node,
        change,
        properties.map(({ property }) => property),
      ]),
      [
        ['emea-de.short-pick.book', 'changed', ['step']],
        ['emea-de.short-pick.note', 'removed', []],
      ],
    );
  });
});

describe('upgrading a clone', () => {
  /** The next version: another question, a new step, another name for the ERP note. */
  async function nextVersion(folder: Folder): Promise<void> {
    const path = 'global/short-pick.json';
    folder.edit(path, (node) => {
      if (node.id === 'short-pick.ask') return { ...node, input: '{ "subject": "Decide, please" }' };
      if (node.id === 'short-pick.note') return { ...node, name: 'note in the ERP' };
      if (node.id === 'short-pick.verify-shop') return { ...node, every: '5' };
      return node;
    });
    const changes = 'Asks more kindly';
    const { manifest } = await addTemplate({ flowsDir: folder.dir, flow: path, id: 'short-pick', changes });
    assert.equal(manifest.version, '1.1.0');
    assert.deepEqual(manifest.parameters.at(0)?.label, 'Approval limit');
  }

  it('takes what the template changed, keeps what the region changed, and follows the new version', async () => {
    const folder = new Folder();
    folder.set(german, 'emea-de.short-pick.book', { step: 'rebook', x: 7 });
    await nextVersion(folder);
    const clones = folder.clones();
    const before = folder.text(german);
    const preview = await clones.preview(upgradeGerman());
    assert.deepEqual(
      [preview.from, preview.to, preview.news, preview.open, preview.changes.map(({ node }) => node)],
      [
        ...['1.0.0', '1.1.0', 'Asks more kindly', []],
        ['emea-de.short-pick.ask', 'emea-de.short-pick.note', 'emea-de.short-pick.verify-shop'],
      ],
    );
    assert.equal(folder.text(german), before, 'a preview writes nothing');
    await clones.upgrade(upgradeGerman());
    assert.equal(folder.node(german, 'emea-de.short-pick.note').name, 'note in the ERP');
    assert.equal(folder.node(german, 'emea-de.short-pick.book').step, 'rebook');
    assert.equal(folder.node(german, 'emea-de.short-pick.book').x, 7);
    const status = (await clones.status()).find(
      ({ region, template }) => region === 'emea-de' && template === 'short-pick',
    );
    assert.deepEqual([status?.version, status?.upgradeAvailable, status?.drift.length], ['1.1.0', false, 1]);
    await assert.rejects(clones.upgrade(upgradeGerman()), refusal('CLONE_CURRENT'));
  });

  it('is refused while a conflict is open, and done as chosen', async () => {
    const folder = new Folder();
    folder.set(german, 'emea-de.short-pick.note', { name: 'Notiz' });
    await nextVersion(folder);
    const key = 'emea-de.short-pick.note.name';
    const before = folder.text(german);
    await assert.rejects(folder.clones().upgrade(upgradeGerman()), refusal('CONFLICTS_OPEN', /note\.name/));
    assert.equal(folder.text(german), before);
    assert.deepEqual((await folder.clones().preview(upgradeGerman())).open, [key]);
    await assert.rejects(
      folder.clones().preview(upgradeGerman({ 'emea-de.short-pick.note.step': 'ours' })),
      refusal('CHOICE_UNKNOWN'),
    );
    await folder.clones().upgrade(upgradeGerman({ [key]: 'theirs' }));
    assert.equal(folder.node(german, 'emea-de.short-pick.note').name, 'note in the ERP');
  });

  it("leaves the region's table alone and puts a locked node back, and says so", async () => {
    const folder = new Folder();
    const own = { name: 'short-pick', version: '9.0.0' };
    folder.set(german, 'emea-de.short-pick.decide', { table: own });
    folder.set(german, 'emea-de.short-pick.verify-shop', { every: '60' });
    await nextVersion(folder);
    const { conflicts } = await folder.clones().upgrade(upgradeGerman());
    assert.deepEqual(folder.node(german, 'emea-de.short-pick.decide').table, own);
    assert.equal(folder.node(german, 'emea-de.short-pick.verify-shop').every, '5');
    assert.deepEqual(
      conflicts.map(({ kind, node, property }) => [kind, node, property]),
      [['LOCKED_CHANGED', 'emea-de.short-pick.verify-shop', 'every']],
    );
  });

  const general = 'library/short-pick/1.1.0/short-pick.flowtest.yaml';
  const own = 'regions/emea-de/short-pick.flowtest.yaml';
  async function testedWith(change: (folder: Folder) => void): Promise<string[][]> {
    const folder = new Folder();
    await nextVersion(folder);
    writeFileSync(join(folder.dir, general), 'scenarios: []\n');
    change(folder);
    await folder.clones().preview(upgradeGerman());
    return folder.tested.map(({ file, flow, nodes }) => {
      const named = (id: string) => nodes.find((node) => node.id === `emea-de.short-pick.${id}`);
      return [file, flow, String(named('in')?.regions), String(named('note')?.name)];
    });
  }

  it("runs the region's own tests on the merged flow, and the template's where the region changed settings only", async () => {
    const note = 'note in the ERP';
    const [ownRun, generalRun] = [
      [own, german, 'emea-de', note],
      [general, 'library/short-pick/1.1.0/flow.json', '', note],
    ];
    const limit = (folder: Folder) =>
      folder.set(german, 'emea-de.short-pick', {
        env: [{ name: 'APPROVAL_LIMIT', value: '1', type: 'num' }],
      });
    assert.deepEqual(await testedWith(limit), [ownRun, generalRun]);
    const rebook = (folder: Folder) => folder.set(german, 'emea-de.short-pick.book', { step: 'rebook' });
    assert.deepEqual(await testedWith(rebook), [ownRun]);
    const untested = (folder: Folder) => {
      rebook(folder);
      rmSync(join(folder.dir, own));
    };
    assert.deepEqual(await testedWith(untested), [generalRun]);
  });

  it('writes nothing when a test of the merged flow fails', async () => {
    const folder = new Folder();
    await nextVersion(folder);
    const before = folder.text(german);
    folder.report = { files: [own], passed: 3, failures: [{ scenario: 'splits', message: 'no effect' }] };
    await assert.rejects(folder.clones().upgrade(upgradeGerman()), refusal('FLOW_TESTS_FAILED', /splits/));
    assert.equal(folder.text(german), before);
  });

  it('of what is gone, or never was, says what to do', async () => {
    const folder = new Folder();
    const request = { template: 'short-pick', region: 'mars', author: 'ada' };
    await assert.rejects(folder.clones().preview(request), refusal('CLONE_UNKNOWN'));
    folder.edit(german, () => undefined);
    await assert.rejects(
      folder.clones().preview({ ...upgradeGerman(), to: '9.9.9' }),
      refusal('TEMPLATE_UNKNOWN', /9\.9\.9/),
    );
  });
});

describe('a template', () => {
  it('is made of a running flow, which is its first clone; its version never changes', async () => {
    const folder = new Folder();
    const nodes: FlowNode[] = [
      {
        id: 'vanished',
        type: 'tab',
        label: 'Lost parcel',
        info: 'A parcel is gone.\n\n| `LIMIT` | value of what is replaced |',
        env: [{ name: 'LIMIT', value: '50', type: 'num' }],
      },
      {
        id: 'vanished.in',
        type: 'reroute-exception-in',
        z: 'vanished',
        codes: ['LOST'],
        regions: 'somewhere',
        wires: [['vanished.dead']],
      },
      { id: 'vanished.dead', type: 'reroute-dead-letter', z: 'vanished', wires: [] },
    ];
    writeFileSync(join(folder.dir, 'global/vanished.json'), JSON.stringify(nodes));
    const request = { flowsDir: folder.dir, flow: 'global/vanished.json', id: 'vanished' };
    const { manifest } = await addTemplate(request);
    assert.deepEqual(
      [manifest.version, manifest.title, manifest.summary, manifest.codes, manifest.locked],
      ['1.0.0', 'Lost parcel', 'A parcel is gone.', ['LOST'], ['vanished.dead']],
    );
    assert.deepEqual(manifest.parameters, [
      {
        name: 'LIMIT',
        label: 'Limit',
        help: 'Value of what is replaced',
        from: 'thresholds.limit',
        optional: false,
        type: 'num',
        default: 50,
        limits: {},
      },
    ]);
    await folder.clones().clone({ template: 'vanished', region: 'na-us', parameters: {}, author: 'ada' });
    assert.equal(folder.node('regions/na-us/vanished.json', 'na-us.vanished.in').regions, 'na-us');
    await assert.rejects(addTemplate({ ...request, version: '1.0.0' }), refusal('TEMPLATE_EXISTS'));
  });

  it('with a secret in it is refused', async () => {
    const folder = new Folder();
    folder.set('global/short-pick.json', 'short-pick.book', { token: 'hunter2' });
    const request = { flowsDir: folder.dir, flow: 'global/short-pick.json', id: 'short-pick' };
    await assert.rejects(addTemplate(request), refusal('SECRET_IN_FLOW', /short-pick\.book/));
  });

  it('that contradicts itself is named with everything that is wrong', async () => {
    const folder = new Folder();
    const path = join(folder.dir, 'library/short-pick/1.0.0/template.json');
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { locked: string[]; partners: unknown[] };
    writeFileSync(path, JSON.stringify({ ...manifest, locked: ['nobody'], partners: [] }));
    await assert.rejects(
      folder.clones().library.template('short-pick'),
      refusal('TEMPLATE_INVALID', /partner erp.*locked names nobody/),
    );
  });
});

describe('the check before a deploy', () => {
  const flowsOf = async (folder: Folder) => (await readFlowFolder(folder.dir)).nodes;
  const findingsIn = async (folder: Folder) =>
    (await new CloneKeeper(folder.dir).check(await flowsOf(folder))).map(({ code, node, property }) =>
      [code, node, property].filter(Boolean).join(' '),
    );

  it('finds nothing in the starter, and nothing in what a region may change', async () => {
    const folder = new Folder();
    assert.deepEqual(await findingsIn(folder), []);
    folder.set(german, 'emea-de.short-pick.book', { step: 'rebook' });
    folder.set(german, 'emea-de.short-pick.verify-shop', { x: 999 });
    assert.deepEqual(await findingsIn(folder), []);
  });

  it('names a locked node that was changed or removed', async () => {
    const folder = new Folder();
    folder.set(german, 'emea-de.short-pick.verify-shop', { every: '60' });
    folder.edit(german, (node) => (node.id === 'emea-de.short-pick.dead' ? undefined : node));
    assert.deepEqual(await findingsIn(folder), [
      'LOCKED_NODE_CHANGED emea-de.short-pick.dead',
      'LOCKED_NODE_CHANGED emea-de.short-pick.verify-shop every',
    ]);
  });

  it('lets a clone be deleted as a whole', async () => {
    const folder = new Folder();
    folder.edit(german, () => undefined);
    assert.deepEqual(await findingsIn(folder), []);
  });

  it('says so when a record cannot be read, and judges the others', async () => {
    const folder = new Folder();
    writeFileSync(join(folder.dir, 'regions/emea-de/short-pick.clone.json'), '{');
    folder.set('regions/na-us/short-pick.json', 'na-us.short-pick.verify-shop', { every: '60' });
    assert.deepEqual(await findingsIn(folder), [
      'FLOW_FILE_BROKEN',
      'LOCKED_NODE_CHANGED na-us.short-pick.verify-shop every',
    ]);
    await new CloneKeeper(folder.dir).deployed(await flowsOf(folder));
  });

  it('lets an upgrade be rolled back, and the record follows', async () => {
    const folder = new Folder();
    const before = folder.flow(german);
    folder.set('global/short-pick.json', 'short-pick.verify-shop', { every: '5' });
    await addTemplate({ flowsDir: folder.dir, flow: 'global/short-pick.json', id: 'short-pick' });
    await folder.clones().upgrade(upgradeGerman());
    assert.deepEqual(await findingsIn(folder), ['LOCKED_NODE_CHANGED short-pick.verify-shop every']);
    writeFileSync(join(folder.dir, german), JSON.stringify(before));
    assert.deepEqual(await findingsIn(folder), ['LOCKED_NODE_CHANGED short-pick.verify-shop every']);
    await new CloneKeeper(folder.dir).deployed(await flowsOf(folder));
    const status = (await folder.clones().status()).find(
      ({ region, template }) => region === 'emea-de' && template === 'short-pick',
    );
    assert.deepEqual([status?.version, status?.state, status?.upgradeAvailable], ['1.0.0', 'in-step', true]);
  });
});
