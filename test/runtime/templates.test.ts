/** Regional clones in a whole runtime: who takes a case, cloning, locked nodes, upgrade and rollback, and the editor's sidebar. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { startRegion } from '../../lib/flowfiles/templates/start-region';
import { findChromium, need, waitUntil } from '../support';
import { Held } from './held';
import { adminToken, type FlowNode, Scene } from './scene';
import { ordered, sendShortPick, stockElsewhere } from './traffic';

const browserFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

/** The warehouse of the test belongs to the German region. */
const german = (node: FlowNode): FlowNode =>
  node.id === 'partner-wms' ? { ...node, region: 'emea-de' } : node;

interface Upgrade {
  to: string;
  open: string[];
  changes: { node: string }[];
}

describe('regional clones in a whole runtime', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('templates', german);
  });
  after(() => scene?.stop());

  const file = (path: string) => join(scene.folder, 'flows', path);
  const json = (path: string): unknown => JSON.parse(readFileSync(file(path), 'utf8'));
  const nodeOf = (path: string, id: string): FlowNode | undefined =>
    (json(path) as FlowNode[]).find((node) => node.id === id);
  const record = (region: string) => json(`regions/${region}/short-pick.clone.json`) as { version: string };

  async function deployed(): Promise<{ rev: string; flows: FlowNode[] }> {
    const headers = { authorization: `Bearer ${adminToken}`, 'node-red-api-version': 'v2' };
    return (await (await fetch(`${scene.url}/editor/flows`, { headers })).json()) as {
      rev: string;
      flows: FlowNode[];
    };
  }
  async function deploy(edit: (node: FlowNode) => FlowNode): Promise<{ status: number; text: string }> {
    const { rev, flows } = await deployed();
    const headers = {
      ...{ authorization: `Bearer ${adminToken}`, 'node-red-api-version': 'v2' },
      'content-type': 'application/json',
    };
    const body = JSON.stringify({ rev, flows: flows.map(edit) });
    const answer = await fetch(`${scene.url}/editor/flows`, { method: 'POST', headers, body });
    return { status: answer.status, text: await answer.text() };
  }
  const set = (id: string, properties: Record<string, unknown>) => (node: FlowNode) =>
    node.id === id ? { ...node, ...properties } : node;

  /** As the author of the template delivers it: a folder more in the library. */
  function publish(version: string, edit: (node: FlowNode) => FlowNode): void {
    const folder = file(`library/short-pick/${version}`);
    cpSync(file('library/short-pick/1.0.0'), folder, { recursive: true });
    const manifest = json('library/short-pick/1.0.0/template.json') as object;
    writeFileSync(
      join(folder, 'template.json'),
      JSON.stringify({ ...manifest, version, changes: `New in ${version}` }),
    );
    const nodes = json('library/short-pick/1.0.0/flow.json') as FlowNode[];
    writeFileSync(join(folder, 'flow.json'), JSON.stringify(nodes.map(edit)));
  }

  it("hands a case of the region to the region's flow, with its carrier, and to no other", async () => {
    const picked = await ordered(scene, 501);
    await stockElsewhere(scene, picked, '50');
    await sendShortPick(scene, picked, '0');
    const held = new Held(scene, picked);
    const item = await held.caseIn(['VERIFIED', 'MANUAL', 'AWAITING_ACK', 'RESOLVED']);
    await scene.drained();
    const detail = await scene.get<{ case: { region: string }; runs: { id: string }[] }>(
      `/api/v1/cases/${item.id}`,
    );
    assert.equal(detail.case.region, 'emea-de');
    const text = JSON.stringify(
      await Promise.all(detail.runs.map(({ id }) => scene.get(`/api/v1/runs/${id}`))),
    );
    assert.match(text, /emea-de\.short-pick/);
    assert.doesNotMatch(text, /"short-pick\.[a-z]/);
  });

  it('clones a template for a new region, and runs it at once under a version', async () => {
    await startRegion(file(''), 'apac-sg', 'emea-de');
    const parameters = { APPROVAL_LIMIT: 2500 };
    await scene.post('/api/v1/templates/short-pick/clone', { region: 'apac-sg', parameters });
    assert.ok((await deployed()).flows.some(({ id }) => id === 'apac-sg.short-pick'));
    assert.ok(nodeOf('regions/apac-sg/short-pick.json', 'apac-sg.short-pick.decide'));
    const { items } = await scene.get<{ items: { version: string; author: string }[] }>(
      '/api/v1/flows/apac-sg.short-pick/versions',
    );
    assert.deepEqual(
      items.map(({ version, author }) => [version, author]),
      [['1.0.0', 'token:bootstrap']],
    );
  });

  it('refuses a deploy that changes a locked node, with its name, and leaves everything as it was', async () => {
    const refused = await deploy(set('apac-sg.short-pick.verify-shop', { every: '60' }));
    assert.equal(refused.status, 400, refused.text);
    assert.match(refused.text, /ERP and shop.*locked.*every/);
    const shop = nodeOf('regions/apac-sg/short-pick.json', 'apac-sg.short-pick.verify-shop');
    assert.notEqual(shop?.every, '60');
  });

  it('upgrades what the region changed as chosen, and rolls it back with its record', async () => {
    const note = 'apac-sg.short-pick.note';
    assert.equal((await deploy(set(note, { name: 'Our note' }))).status, 200);
    publish('1.1.0', (node) =>
      node.id === 'short-pick.note'
        ? { ...node, name: 'Their note' }
        : node.id === 'short-pick.verify-shop'
          ? { ...node, every: '5' }
          : node,
    );
    const path = '/api/v1/clones/apac-sg.short-pick/upgrade';
    const preview = await scene.get<Upgrade>(path);
    assert.deepEqual([preview.to, preview.open], ['1.1.0', [`${note}.name`]]);
    await scene.post(path, { take: { [`${note}.name`]: 'ours' } });
    const running = async (id: string) => (await deployed()).flows.find((node) => node.id === id);
    assert.equal((await running(note))?.name, 'Our note');
    assert.equal((await running('apac-sg.short-pick.verify-shop'))?.every, '5');
    assert.equal(record('apac-sg').version, '1.1.0');

    const versions = await scene.get<{ items: { version: string }[] }>(
      '/api/v1/flows/apac-sg.short-pick/versions',
    );
    await scene.post('/api/v1/flows/apac-sg.short-pick/rollback', {
      expectedVersion: versions.items[0]?.version,
      reason: 'not yet',
    });
    assert.equal((await running('apac-sg.short-pick.verify-shop'))?.every, '1');
    assert.equal(record('apac-sg').version, '1.0.0');
    const again = await scene.get<Upgrade>(path);
    assert.deepEqual([again.to, again.open], ['1.1.0', [`${note}.name`]]);
  });

  describe('in the editor', () => {
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];
    before(async function () {
      const executablePath = need(this, 'chromium', findChromium());
      browser = await chromium.launch({ executablePath, args: browserFlags });
      page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(`${scene.url}/editor/`);
      await page.fill('#node-dialog-login-username', 'admin');
      await page.fill('#node-dialog-login-password', adminToken);
      await page.click('#node-dialog-login-submit');
      await page.waitForFunction('window.RED && RED.nodes.workspace("apac-sg.short-pick")');
      await page.evaluate('RED.sidebar.show("reroute-templates")');
      await page.waitForSelector('[data-clone="apac-sg.short-pick"]');
    });
    after(() => browser?.close());

    const within = (selector: string) => page.locator(`.reroute-templates ${selector}`);

    it('shows templates, clones, drift and locked nodes', async () => {
      assert.deepEqual(
        await within('[data-template]').evaluateAll((cards) =>
          cards.map((card) => card.getAttribute('data-template')),
        ),
        readdirSync(file('library')).sort(),
      );
      await within('[data-clone="apac-sg.short-pick"] [data-action=drift]').click();
      assert.match(
        (await within('[data-clone="apac-sg.short-pick"] .drift').textContent()) ?? '',
        /Our note/,
      );
      await page.evaluate('RED.workspaces.show("apac-sg.short-pick")');
      const locks = await waitUntil(async () => {
        const count = await page.locator('.reroute-lock:visible').count();
        return count > 0 && count;
      });
      assert.equal(locks, 4);
      assert.deepEqual(
        await within('')
          .allTextContents()
          .then((texts) =>
            texts.join(' ').match(/reroute-templates:\S+|\b(form|clone|upgrade|state|change)\.[a-z-]+/g),
          ),
        null,
      );
    });

    it('clones with a form made of the parameters, and says what is wrong with one', async () => {
      await startRegion(file(''), 'latam-br', 'na-us');
      await page.evaluate('RED.sidebar.show("reroute-templates")');
      await within('[data-action=refresh]').click();
      await page.waitForSelector('.reroute-templates[aria-busy=false]');
      const card = within('[data-template="delayed-delivery"]');
      await card.getByRole('button', { name: 'Clone' }).click();
      await card.locator('select[name=region]').selectOption('latam-br');
      await card.locator('input[name=DELAY_HOURS]').fill('0');
      await card.locator('[data-action=create]').click();
      await card.locator('.problem:has-text("DELAY_HOURS")').waitFor();
      await card.locator('input[name=DELAY_HOURS]').fill('72');
      await card.locator('[data-action=create]').click();
      await within('[data-clone="latam-br.delayed-delivery"]').waitFor();
      const tab = nodeOf('regions/latam-br/delayed-delivery.json', 'latam-br.delay');
      assert.deepEqual(tab?.env, [{ name: 'DELAY_HOURS', value: '72', type: 'num' }]);
    });

    it('upgrades after each conflict is decided', async function () {
      // The tests of the merged flow run twice, in processes of their own.
      this.timeout(120_000);
      const card = within('[data-clone="apac-sg.short-pick"]');
      await card.locator('[data-action=upgrade]').click();
      const conflict = card.locator('.conflict:not(.note)');
      assert.match((await conflict.textContent()) ?? '', /BOTH_CHANGED[\s\S]*Our note[\s\S]*Their note/);
      assert.ok(await card.locator('[data-action=apply]').isDisabled());
      await conflict.locator('input[value=theirs]').click();
      await card.locator('[data-action=apply]:not([disabled])').click();
      await within('[data-clone="apac-sg.short-pick"] .badge:text-is("1.1.0")').waitFor({ timeout: 110_000 });
      assert.equal(nodeOf('regions/apac-sg/short-pick.json', 'apac-sg.short-pick.note')?.name, 'Their note');
      assert.deepEqual(complaints, []);
    });
  });

  it('has audited it all', async () => {
    const { items } = await scene.get<{ items: { action: string; outcome: string }[] }>(
      `/api/v1/audit?subject=${encodeURIComponent('clone:apac-sg.short-pick')}`,
    );
    assert.deepEqual(
      items.map(({ action, outcome }) => `${action} ${outcome}`),
      ['clone.upgrade done', 'template.clone done'],
    );
    assert.ok(existsSync(file('regions/apac-sg/region.json')));
  });
});
