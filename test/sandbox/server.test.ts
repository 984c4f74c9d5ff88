import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { FatalError } from '../../lib/model/errors';
import { startSandbox } from '../../sandbox/server';
import { Client, withSandbox } from './support';

const main = join(__dirname, '..', '..', 'sandbox', 'main.js');

describe('Sandbox process', () => {
  const client = withSandbox();

  it('starts from the command line, says where, and stops on SIGTERM', async () => {
    const child = spawn(process.execPath, [main, '--port', '0', '--today', '2026-03-02'], {
      env: { ...process.env, NODE_ENV: 'test' },
    });
    const [line] = (await once(child.stdout, 'data')) as [Buffer];
    const { ready, url } = JSON.parse(line.toString());
    assert.equal(ready, true);
    assert.equal((await new Client(url).get('/storefront/orders/1')).status, 200);
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 0);
  });

  it('refuses production and addresses that others can reach', async () => {
    const child = spawn(process.execPath, [main, '--port', '0'], {
      env: { ...process.env, NODE_ENV: 'production' },
    });
    const [message] = (await once(child.stderr, 'data')) as [Buffer];
    assert.match(message.toString(), /does not start in production/);
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 1);
    await assert.rejects(startSandbox({ port: 0, host: '0.0.0.0' }), FatalError);
  });

  it('has the same orders and stock for the same seed and other ones for another', async () => {
    const read = async (seed: number) => {
      const sandbox = await startSandbox({ port: 0, seed, today: '2026-03-02' });
      try {
        const here = new Client(sandbox.url);
        const orders = await Promise.all(['1', '2', '3'].map((n) => here.get(`/_admin/orders/${n}`)));
        return [orders.map(({ body }) => body), (await here.get('/wms/stock/SKU-1003')).body.locations];
      } finally {
        await sandbox.close();
      }
    };
    const first = await read(7);
    assert.deepEqual(await read(7), first);
    assert.notDeepEqual(await read(8), first);
  });

  it('answers bad requests in words', async () => {
    assert.equal((await client().get('/nowhere/x')).status, 404);
    assert.equal((await client().get('/wms/nowhere')).status, 404);
    assert.equal((await client().post('/tms/bookings', '{broken')).status, 400);
    assert.equal((await client().get('/wms/stock/%E0%A4%A')).status, 400);
    assert.equal((await client().post('/stub', JSON.stringify('x'.repeat(1_100_000)))).status, 413);
  });
});
