import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { connect } from 'node:net';
import {
  findChromium,
  freePort,
  need,
  onPath,
  type Running,
  startMosquitto,
  startPostgres,
  startProcess,
  startRedis,
  tempDir,
  waitUntil,
} from '../support';

/** Sends bytes to a server on loopback and answers with the first bytes that come back. */
function ask(port: number, bytes: Buffer | string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.once('error', reject);
    socket.once('data', (answer) => {
      socket.destroy();
      resolve(Buffer.from(answer));
    });
  });
}

const refuses = async (port: number): Promise<boolean> =>
  ask(port, 'x').then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED',
  );

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

const node = (script: string, ready?: RegExp): Promise<Running> =>
  startProcess(process.execPath, ['-e', script], ready ? { ready } : {});

describe('Test support: processes', () => {
  it('returns a process once it says that it is ready', async () => {
    const running = await node(
      "setTimeout(() => console.log('up'), 50); setInterval(() => {}, 1000)",
      /^up$/m,
    );
    assert.match(running.output(), /^up$/m);
    assert.deepEqual(await running.stop(), { code: null, signal: 'SIGTERM' });
    assert.equal(isAlive(running.pid), false);
  });

  it('kills one that ignores the request to end', async () => {
    const script = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1000)";
    const running = await node(script, /^up$/m);
    assert.deepEqual(await running.stop('SIGTERM', 100), { code: null, signal: 'SIGKILL' });
  });

  it('fails with the output of one that ends before it is ready', async () => {
    const start = node("console.error('no such setting'); process.exit(3)", /ready/);
    await assert.rejects(start, /ended with 3:\nno such setting/);
  });

  it('fails when the command does not exist', async () => {
    await assert.rejects(startProcess('reroute-no-such-command', []), { code: 'ENOENT' });
  });

  it('leaves nothing running when the ready sign does not come', async () => {
    const options = { ready: /never/, readyTimeoutMs: 300 };
    const script = "console.log('pid ' + process.pid); setInterval(() => {}, 1000)";
    const error = await startProcess(process.execPath, ['-e', script], options).then(
      () => undefined,
      (e: Error) => e,
    );
    const pid = Number(/pid (\d+)/.exec(error?.message ?? '')?.[1]);
    assert.match(error?.message ?? '', /did not get ready within 300 ms/);
    assert.equal(isAlive(pid), false);
  });
});

describe('Test support: folders, ports and conditions', () => {
  it('gives each caller a folder of its own, and removes it with the process', async () => {
    assert.notEqual(tempDir(), tempDir());
    const module = JSON.stringify(require.resolve('../support'));
    const child = await node(`console.log('made ' + require(${module}).tempDir('gone'))`);
    await child.exited;
    const made = /made (.*)/.exec(child.output())?.[1] ?? '';
    assert.match(made, /reroute-gone-/);
    assert.equal(existsSync(made), false);
  });

  it('gives a port that nobody listens on', async () => {
    assert.equal(await refuses(await freePort()), true);
  });

  it('waits for a condition and returns its answer', async () => {
    let asked = 0;
    const answer = await waitUntil(() => (++asked >= 3 ? `asked ${asked}` : undefined), { everyMs: 1 });
    assert.equal(answer, 'asked 3');
  });

  it('says what it waited for, and keeps the last error as the cause', async () => {
    const never = waitUntil(() => Promise.reject(new Error('refused')), {
      what: 'the port',
      timeoutMs: 30,
      everyMs: 1,
    });
    await assert.rejects(never, (error: Error) => {
      assert.equal(error.message, 'waited 30 ms for the port');
      assert.equal((error.cause as Error).message, 'refused');
      return true;
    });
  });

  it('does not find a program that is not there', () => {
    assert.equal(onPath('reroute-no-such-command'), undefined);
    assert.ok(onPath('node'));
  });
});

describe('Test support: a Redis of its own', () => {
  it('answers a ping, and is gone after stop', async function () {
    const redis = need(this, 'redis-server', await startRedis());
    try {
      assert.equal((await ask(redis.port, 'PING\r\n')).toString(), '+PONG\r\n');
    } finally {
      await redis.stop();
    }
    assert.equal(await refuses(redis.port), true);
  });

  it('keeps what it acknowledged through a kill when it writes always', async function () {
    const folder = tempDir('redis-durable');
    const first = need(this, 'redis-server', await startRedis({ appendfsync: 'always', folder }));
    const stored = (await ask(first.port, 'SET order 4711\r\n')).toString();
    await first.process.stop('SIGKILL');
    assert.equal(stored, '+OK\r\n');
    const second = need(this, 'redis-server', await startRedis({ appendfsync: 'always', folder }));
    const found = (await ask(second.port, 'GET order\r\n')).toString();
    await second.stop();
    assert.equal(found, '$4\r\n4711\r\n');
  });
});

describe('Test support: a PostgreSQL of its own', () => {
  it('speaks its protocol, and is gone after stop', async function () {
    const postgres = need(this, 'postgres', await startPostgres());
    try {
      // SSLRequest, answered with one byte: S or N (PostgreSQL manual, "SSL Session Encryption").
      const answer = await ask(postgres.port, Buffer.from([0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f]));
      assert.match(answer.toString(), /^[SN]$/);
    } finally {
      await postgres.stop();
    }
    assert.equal(await refuses(postgres.port), true);
  });
});

describe('Test support: a Mosquitto of its own', () => {
  it('accepts an MQTT connection, and is gone after stop', async function () {
    const mosquitto = need(this, 'mosquitto', await startMosquitto());
    try {
      // MQTT 3.1.1 CONNECT with clean session and client id "t"; CONNACK 0x20 0x02 0x00 0x00 means accepted.
      const hello = Buffer.from([
        0x10,
        13,
        0,
        4,
        ...Buffer.from('MQTT'),
        4,
        2,
        0,
        60,
        0,
        1,
        ...Buffer.from('t'),
      ]);
      assert.deepEqual([...(await ask(mosquitto.port, hello))], [0x20, 2, 0, 0]);
    } finally {
      await mosquitto.stop();
    }
    assert.equal(await refuses(mosquitto.port), true);
  });
});

describe('Test support: a browser', () => {
  it('finds a Chromium that tells its version', async function () {
    const chromium = need(this, 'chromium', findChromium());
    const running = await startProcess(chromium, ['--version']);
    await running.exited;
    assert.match(running.output(), /Chrom/);
  });
});
