/** docs/disaster-recovery.md as an operator follows it: the machine is gone, a backup is not. And secrets that change while it runs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedger } from '../../lib/ledger/open';
import { type Shipment, scenarios, signatureHeaders } from '../../sandbox/traffic';
import { tempDir } from '../support';
import { adminToken, command, environmentOf, Scene } from './scene';
import { ordered, stockElsewhere } from './traffic';

describe('a machine that is lost', () => {
  let scene: Scene;
  /** Deliveries that were answered with 202, each with its body. */
  const accepted: { id: string; body: string }[] = [];
  let later: { id: string; body: string };
  let picked: Shipment;
  const secretFile = join(tempDir('rotated'), 'wms');
  const backupFile = join(tempDir('backup'), 'ledger.db');

  /** Answers the status, and the id where it was taken. */
  async function post(body: string, secret: string): Promise<{ status: number; id: string }> {
    const headers = { 'content-type': 'application/json', ...signatureHeaders('wms', secret, body) };
    const answer = await fetch(`${scene.url}/in/wms`, { method: 'POST', headers, body });
    const { id = '' } = (await answer.json()) as { id?: string };
    return { status: answer.status, id };
  }

  async function take(shipment: Shipment, secret: string): Promise<{ id: string; body: string }> {
    const [payload] = scenarios['short-pick'].payloads(shipment);
    const body = JSON.stringify(payload);
    const { status, id } = await post(body, secret);
    assert.equal(status, 202);
    return { id, body };
  }

  function reroute(folder: string, ...words: string[]): void {
    const done = spawnSync(process.execPath, [command, ...words], {
      env: environmentOf(folder),
      encoding: 'utf8',
    });
    assert.equal(done.status, 0, done.stderr);
  }

  const act = (action: 'hold' | 'resume') =>
    scene.post('/api/v1/partners/erp/actions', { action, reason: 'the disaster test' });

  before(async () => {
    writeFileSync(secretFile, 'the-first-secret\n');
    scene = await Scene.start('disaster', (node) =>
      node.id === 'partner-wms'
        ? { ...node, secrets: { ...(node.secrets as object), webhookSecret: `file:${secretFile}` } }
        : node,
    );
  });
  after(() => scene?.stop());

  it('takes a secret that was changed in its file without a restart', async () => {
    picked = await ordered(scene, 901);
    await stockElsewhere(scene, picked, '50');
    await act('hold');
    accepted.push(await take(picked, 'the-first-secret'));
    writeFileSync(secretFile, 'the-second-secret\n');
    const other = await ordered(scene, 902);
    const [payload] = scenarios['short-pick'].payloads(other);
    assert.equal((await post(JSON.stringify(payload), 'the-first-secret')).status, 401);
    accepted.push(await take(other, 'the-second-secret'));
  });

  it('is backed up while it runs, with work that waits for a partner', async () => {
    await scene.until(async () => (await scene.cases()).length === 2, 'the cases');
    await scene.until(async () => ((await scene.runs()).queued ?? 0) >= 2, 'runs that wait');
    reroute(scene.folder, 'ledger', 'backup', backupFile);
    assert.ok(existsSync(backupFile));
    later = await take(await ordered(scene, 903), 'the-second-secret');
    scene.running.kill('SIGKILL');
    await scene.running.exited;
  });

  it('has every delivery of before the backup in a new folder', async () => {
    const fresh = tempDir('restored');
    cpSync(join(scene.folder, 'flows'), join(fresh, 'flows'), { recursive: true });
    reroute(fresh, 'ledger', 'restore', backupFile);
    const ledger = await openLedger(`sqlite:${join(fresh, 'data', 'ledger.db')}`);
    for (const { id, body } of accepted) {
      const raw = await ledger.rawPayload(id);
      assert.equal(Buffer.from(raw?.body ?? []).toString(), body);
    }
    assert.equal(
      await ledger.rawPayload(later.id),
      undefined,
      'what came later is the senders to send again',
    );
    await ledger.close();
    scene = await Scene.restart(fresh);
  });

  it('knows again what it knew: a delivery sent again is the first one, a later one is taken anew', async () => {
    const [first] = accepted;
    assert.ok(first);
    assert.deepEqual(await post(first.body, 'the-second-secret'), { status: 200, id: first.id });
    assert.equal((await post(later.body, 'the-second-secret')).status, 202);
  });

  it('goes on with what waited, and what the operators had set still holds', async () => {
    await stockElsewhere(scene, await ordered(scene, 901), '50');
    const { items } = await scene.get<{ items: { id: string; control?: { held: boolean } }[] }>(
      '/api/v1/partners',
    );
    assert.ok(items.find(({ id }) => id === 'erp')?.control?.held, 'the hold came with the backup');
    const calls = async () => (await scene.book()).filter(({ system }) => system === 'erp');
    assert.deepEqual(await calls(), []);
    await act('resume');
    await scene.until(async () => (await calls()).length > 0, 'the ERP is called');
    await scene.until(
      async () => (await scene.cases()).filter(({ state }) => state === 'VERIFIED').length >= 1,
      'a case is verified',
    );
  });

  it('shows an audit trail that nobody has changed', () => {
    const done = spawnSync(process.execPath, [command, 'audit', 'verify'], {
      env: { ...environmentOf(scene.folder), REROUTE_ADMIN_TOKEN: adminToken },
      encoding: 'utf8',
    });
    assert.equal(done.status, 0, done.stdout + done.stderr);
  });
});
