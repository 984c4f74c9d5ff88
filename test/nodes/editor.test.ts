/** The nodes in the real editor, driven by a real browser. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { findChromium, need, type Running, root, startProcess, tempDir, waitUntil } from '../support';
import { nodeNames } from './support/flow';

const browserFlags = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

interface FlowNode extends Record<string, unknown> {
  id: string;
  type: string;
}
/** What the page's scripts use of the editor's global. */
interface EditorGlobal {
  nodes: {
    import(nodes: object[], options: object): void;
    node(id: string): FlowNode & {
      valid: boolean;
      validationErrors?: string[];
      outputs: number;
      _def: { button: { onclick(this: object): void } };
    };
  };
  editor: { edit(node: object): void; editConfig(property: string, type: string, id: string): void };
  workspaces: { show(id: string): void };
}
declare const RED: EditorGlobal;

const examples = nodeNames.flatMap((name) =>
  readdirSync(join(root, 'examples', name)).map(
    (file) => JSON.parse(readFileSync(join(root, 'examples', name, file), 'utf8')) as FlowNode[],
  ),
);
/** The node in the example of its own folder. */
const exampleNode = (type: string): FlowNode => {
  const found = examples
    .flat()
    .find((node) => node.type === type && node.id.startsWith(`${type.replace('reroute-', '')}-example`));
  assert.ok(found, type);
  return found;
};

describe('The nodes in the editor', function () {
  this.timeout(120_000);
  let server: Running | undefined;
  let browser: Browser | undefined;
  let page: Page;
  let base = '';
  const complaints: string[] = [];

  before(async function () {
    const executablePath = need(this, 'chromium', findChromium());
    server = await startProcess(
      process.execPath,
      [join(__dirname, 'support', 'editor-server.js'), tempDir('editor')],
      { ready: /listening \d+/, readyTimeoutMs: 60_000 },
    );
    base = `http://127.0.0.1:${/listening (\d+)/.exec(server.output())?.[1]}`;
    browser = await chromium.launch({ executablePath, args: browserFlags });
    page = await browser.newPage();
    // The sidebars of templates and versions ask a whole runtime, which this server is not.
    page.on('console', (message) => {
      const asksRuntime = new URL(message.location().url || base).pathname.startsWith('/reroute/');
      if (message.type() === 'error' && !asksRuntime)
        complaints.push(`${message.text()} ${message.location().url}`);
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.setDefaultTimeout(8000);
    await page.goto(base);
    await page.waitForSelector('#red-ui-palette-base-category-reroute, #red-ui-palette-container-reroute', {
      state: 'attached',
      timeout: 60_000,
    });
    await page.evaluate((flows) => {
      for (const flow of flows) RED.nodes.import(flow, { generateIds: false });
    }, examples);
  });
  after(async () => {
    await browser?.close();
    await server?.stop();
  });
  beforeEach(() => {
    complaints.length = 0;
  });

  /** Opens a node's form, looks at it, and closes it without saving. */
  async function inForm<T>(
    type: string,
    look: () => Promise<T>,
    close: 'ok' | 'cancel' = 'cancel',
  ): Promise<T> {
    const { id, z } = exampleNode(type);
    const config = type === 'reroute-partner';
    await page.evaluate(
      ([nodeId, nodeType, tab, isConfig]) => {
        RED.workspaces.show(tab);
        if (isConfig) RED.editor.editConfig('', nodeType, nodeId);
        else RED.editor.edit(RED.nodes.node(nodeId));
      },
      [id, type, String(z), config] as const,
    );
    const dialog = config ? 'node-config-dialog' : 'node-dialog';
    await page.waitForSelector(`#${dialog}-cancel`, { state: 'visible' });
    let looked = false;
    try {
      const answer = await look();
      looked = true;
      return answer;
    } finally {
      await page.click(`#${dialog}-${looked ? close : 'cancel'}`);
      await page.waitForSelector('.red-ui-tray', { state: 'detached' });
    }
  }

  it('stand together in the palette category reroute', async () => {
    const types = await page.$$eval(
      '#red-ui-palette-reroute-input [data-palette-type], #red-ui-palette-container-reroute [data-palette-type]',
      (nodes) => nodes.map((node) => node.getAttribute('data-palette-type')),
    );
    const expected = nodeNames.filter((name) => name !== 'partner').map((name) => `reroute-${name}`);
    assert.deepEqual([...new Set(types)].sort(), expected.sort());
    const labels = await page.$$eval('#red-ui-palette-container-reroute .red-ui-palette-label', (nodes) =>
      nodes.map((node) => (node.textContent ?? '').replace(/\s+/g, ' ')),
    );
    assert.ok(labels.includes('partner in') && labels.includes('dead letter'), String(labels));
  });

  for (const name of nodeNames) {
    it(`${name}: its form opens, is in English throughout, and finds its example right`, async () => {
      const type = `reroute-${name}`;
      const { keys, fields } = await inForm(type, async () => ({
        keys: await page.$$eval('.red-ui-tray [data-i18n]', (elements) =>
          elements
            .map((element) => element.textContent ?? '')
            .filter((text) => /^[\w/-]+[.:][\w.]+$/.test(text)),
        ),
        fields: await page.$$eval(
          '.red-ui-tray form input, .red-ui-tray form select',
          (elements) => elements.length,
        ),
      }));
      assert.deepEqual(keys, []);
      assert.ok(fields > 0);
      const errors = await page.evaluate(
        (id) => RED.nodes.node(id).validationErrors ?? [],
        exampleNode(type).id,
      );
      assert.deepEqual(errors, []);
      assert.deepEqual(complaints, []);
    });
  }

  it('offers an action the operations of its kind that the partner has', async () => {
    await inForm('reroute-tms', async () => {
      await page.waitForFunction('document.querySelectorAll("#node-input-operation option").length > 2');
      const offered = await page.$$eval('#node-input-operation option', (options) =>
        options.map((option) => option.getAttribute('value')),
      );
      assert.deepEqual([...new Set(offered)].sort(), [
        '',
        'book',
        'cancel',
        'findBookings',
        'getBooking',
        'rebook',
        'updateEta',
      ]);
      assert.equal(
        await page.$eval('#node-input-operation', (list) => (list as unknown as { value: string }).value),
        'rebook',
      );
      await page.waitForFunction('document.querySelector("#reroute-operation-note").textContent.length > 20');
    });
  });

  it('offers verify a second system, and only what it may read there', async () => {
    const second = '#node-input-alsoOperation';
    await inForm('reroute-verify', async () => {
      assert.equal(await page.$eval(second, (list) => (list as unknown as { value: string }).value), '');
      await page.selectOption('#node-input-alsoPartner', 'verify-example-p-erp');
      await page.waitForFunction(`document.querySelectorAll('${second} option').length > 1`);
      const offered = await page.$$eval(`${second} option`, (options) =>
        options.map((option) => option.getAttribute('value')),
      );
      assert.deepEqual([...new Set(offered)].sort(), ['', 'findOrder', 'readDelivery', 'readOrder']);
    });
    assert.deepEqual(complaints, []);
  });

  it('draws a partner form from the connector and says what is wrong with it', async () => {
    await inForm('reroute-partner', async () => {
      await page.waitForSelector('#reroute-secret-token');
      assert.equal(await page.inputValue('#reroute-secret-token'), 'env:TMS_TOKEN');
      await page.fill('#reroute-secret-token', 'hunter2');
      await page.waitForFunction(
        '/must be a reference/.test(document.querySelector("#reroute-partner-problems").textContent)',
      );
      await page.selectOption('#reroute-connector', 's4hana');
      await page.waitForSelector('#reroute-setting-sapClient');
    });
    const kept = await page.evaluate((id) => RED.nodes.node(id).connector, exampleNode('reroute-partner').id);
    assert.equal(kept, 'rest-tms');
  });

  it('keeps what a partner form of version 1 did not have: lane, overrides and fetching', async () => {
    const { id } = exampleNode('reroute-partner');
    await inForm(
      'reroute-partner',
      async () => {
        await page.waitForSelector('#reroute-secret-token');
        assert.equal(await page.isChecked('#node-config-input-fetchEnabled'), true);
        assert.equal(await page.isVisible('#reroute-folders'), false);
        await page.fill('#node-config-input-endpoint', 'sftp://files.example.com/edi');
        await page.waitForSelector('#reroute-folders', { state: 'visible' });
        await page.fill('#node-config-input-endpoint', 'https://tms.example.com');
        await page.fill('#node-config-input-lane', 'US domestic');
        await page.click('#reroute-override-add');
        await page.fill('#reroute-overrides .reroute-set', 'context.warehouse');
        await page.waitForFunction(
          '/give an expression/.test(document.querySelector("#reroute-partner-problems").textContent)',
        );
        await page.fill('#reroute-overrides .reroute-to', '"W1"');
        await page.waitForFunction('document.querySelector("#reroute-partner-problems").textContent === ""');
      },
      'ok',
    );
    const kept = await page.evaluate((node) => {
      const { lane, overrides, fetchEnabled } = RED.nodes.node(node);
      return JSON.stringify([lane, overrides, fetchEnabled]);
    }, id);
    assert.deepEqual(JSON.parse(kept), ['US domestic', [{ set: 'context.warehouse', to: '"W1"' }], true]);
  });

  it('judges a policy while it is edited, keeps wires with their outcomes, and deploys it', async () => {
    const { id } = exampleNode('reroute-policy');
    await inForm(
      'reroute-policy',
      async () => {
        await page.fill('#reroute-policy-rows input[data-row="2"][data-input="delayMinutes"]', '> 9000');
        await page.waitForFunction(
          '/Row 3 can never hit/.test(document.querySelector("#reroute-policy-issues").textContent)',
        );
        await page.fill('#reroute-policy-rows input[data-row="2"][data-input="delayMinutes"]', '<= 2880');
        await page.click('#reroute-policy-add-row');
        await page.fill('#reroute-policy-rows input[data-row="3"][data-output="outcome"]', 'ESCALATE');
        await page.fill('#reroute-policy-rows input[data-row="0"][data-output="outcome"]', 'UPGRADE');
        await page.waitForFunction(
          '/Row 4 can never hit/.test(document.querySelector("#reroute-policy-issues").textContent)',
        );
        await page.fill('#reroute-policy-rows input[data-row="2"][data-input="delayMinutes"]', '[100..2880]');
        await page.waitForFunction(
          '!/Error/.test(document.querySelector("#reroute-policy-issues").textContent)',
        );
      },
      'ok',
    );
    assert.equal(await page.evaluate((node) => RED.nodes.node(node).outputs, id), 5);
    await page.click('#red-ui-header-button-deploy');
    const deployed = await waitUntil(async () => {
      const flows = (await (await fetch(`${base}/flows`)).json()) as FlowNode[];
      return flows.find((node) => node.id === id);
    });
    const { table, wires, outputs } = deployed as unknown as {
      table: { rows: { then: { outcome: string } }[] };
      wires: string[][];
      outputs: number;
    };
    assert.deepEqual(
      table.rows.map(({ then }) => then.outcome),
      ['UPGRADE', 'RESHIP', 'NOTIFY', 'ESCALATE'],
    );
    assert.equal(outputs, 5);
    assert.deepEqual(
      wires.map((targets) => targets.map((target) => target.split('-').at(-1))),
      [[], ['reship'], ['notify'], [], ['manual']],
    );
    assert.deepEqual(complaints, []);
  });

  it('replays from the button on the node', async () => {
    const { id, z } = exampleNode('reroute-replay');
    const flows = (await (await fetch(`${base}/flows`)).json()) as FlowNode[];
    const enabled = flows.map((node) => (node.id === z ? { ...node, disabled: false } : node));
    await fetch(`${base}/flows`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(enabled),
    });
    // A deploy answers before its nodes have started, so the button is pressed until it finds its node.
    const asked = await waitUntil(async () => {
      await page.evaluate((node) => {
        const replay = RED.nodes.node(node);
        replay._def.button.onclick.call(replay);
      }, id);
      const requests = (await (await fetch(`${base}/asked/replay`)).json()) as {
        mode: string;
        by: string;
      }[];
      return requests[0];
    });
    assert.deepEqual([asked.mode, asked.by], ['preview', 'editor']);
  });
});
