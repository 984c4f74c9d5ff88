/** The Versions sidebar in the real editor of a whole runtime. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, need, waitUntil } from '../support';
import { adminToken, type FlowNode, Scene } from './scene';

const browserFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

describe('the Versions sidebar', function () {
  this.timeout(120_000);
  let scene: Scene;
  let browser: Browser | undefined;
  let page: Page;
  const complaints: string[] = [];
  before(async function () {
    const executablePath = need(this, 'chromium', findChromium());
    scene = await Scene.start('versions-sidebar');
    await deploy('Second.');
    await deploy('Third.');
    browser = await chromium.launch({ executablePath, args: browserFlags });
    page = await browser.newPage({ viewport: { width: 1600, height: 1000 } });
    page.on('pageerror', (error) => complaints.push(error.message));
    await page.goto(`${scene.url}/editor/`);
    await page.fill('#node-dialog-login-username', 'admin');
    await page.fill('#node-dialog-login-password', adminToken);
    await page.click('#node-dialog-login-submit');
    await page.waitForFunction('window.RED && RED.nodes.workspace("delay")');
    await show();
  });
  after(async () => {
    await browser?.close();
    await scene?.stop();
  });

  /** The delayed delivery with another description. */
  async function deploy(info: string): Promise<void> {
    const path = 'global/delayed-delivery.json';
    const nodes = JSON.parse(readFileSync(join(scene.folder, 'flows', path), 'utf8')) as FlowNode[];
    const { rev } = await scene.get<{ rev: string }>('/api/v1/flows');
    const files = [{ path, nodes: nodes.map((node) => (node.id === 'delay' ? { ...node, info } : node)) }];
    await scene.post('/api/v1/flow-deployments', { rev, files, watchSeconds: 0, message: `says ${info}` });
  }
  async function show(): Promise<void> {
    await page.evaluate('RED.workspaces.show("delay"); RED.sidebar.show("reroute-versions")');
    await page.waitForSelector('.reroute-versions[aria-busy=false] [data-version]');
  }
  const within = (selector: string) => page.locator(`.reroute-versions ${selector}`);
  const card = (version: string) => within(`[data-version="${version}"]`);

  it('shows the history of the open tab, newest first, in words', async () => {
    const versions = await within('[data-version]').evaluateAll((cards) =>
      cards.map((one) => one.getAttribute('data-version')),
    );
    assert.deepEqual(versions, ['1.0.2', '1.0.1', '1.0.0']);
    const text = (await within('').allTextContents()).join(' ');
    assert.match(text, /1\.0\.2 \(runs\)says Third\./);
    assert.match(text, /token:bootstrap · over the API · findings: 0 errors/);
    assert.doesNotMatch(text, /reroute-versions:/);
    await page.evaluate('RED.workspaces.show("intake")');
    await page.waitForSelector('.reroute-versions b:has-text("Intake")');
    assert.equal(await within('[data-version]').count(), 1);
    await show();
  });

  it('says what changed since a version', async () => {
    await card('1.0.1').locator('[data-action=compare]').click();
    await card('1.0.1').locator('.value').waitFor();
    assert.equal(await card('1.0.1').locator('.value').textContent(), 'info: "Second." → "Third."');
  });

  it('puts a version back once it was told why, and shows it', async () => {
    await card('1.0.1').locator('[data-action=back]').click();
    await card('1.0.1').locator('[data-action=confirm]').click();
    await card('1.0.1').locator('.problem:has-text("say why")').waitFor();
    await card('1.0.1').locator('input').fill('the second was better');
    await Promise.all([page.waitForEvent('load'), card('1.0.1').locator('[data-action=confirm]').click()]);
    await page.waitForFunction('window.RED && RED.nodes && RED.nodes.workspace("delay")');
    assert.equal(await page.evaluate('RED.nodes.workspace("delay").info'), 'Second.');
    await show();
    await waitUntil(async () => (await within('[data-version]').count()) === 4, { what: 'the new version' });
    const { items } = await scene.get<{ items: { actor: string; reason: string }[] }>(
      '/api/v1/audit?subject=flow:delay',
    );
    assert.deepEqual(
      [items[0]?.actor, items[0]?.reason],
      ['token:bootstrap', 'back to 1.0.1: the second was better'],
    );
  });

  it('left the editor without a complaint', () => {
    assert.deepEqual(complaints, []);
  });
});
