/** Files for a partner: a folder of this machine and an SFTP server keep the same promises. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FilePort } from '../../../lib/connectors/kit/transport';
import type { Folder } from '../../../lib/engine/files/folder';
import { localFolder } from '../../../lib/engine/files/local';
import { openTargets } from '../../../lib/engine/partners/targets';
import { filePort, folderOf, noFiles } from '../../../lib/engine/partners/transports';
import { FatalError, isRerouteError } from '../../../lib/model/errors';
import { tempDir } from '../../support';
import { type SftpServer, startSftp } from '../../support/sftp-server';

const bytes = (text: string) => Buffer.from(text);
const failing = (code: string, fate: string) => (error: unknown) => {
  assert.ok(isRerouteError(error), String(error));
  assert.deepEqual([error.code, error.fate], [code, fate], error.message);
  return true;
};

function sftp(server: SftpServer, secrets: Record<string, string[]> = {}, path = ''): Folder {
  const all: Record<string, string[]> = {
    sftpUser: ['we'],
    sftpKey: [server.clientKey],
    sftpHostKey: [server.fingerprint],
    ...secrets,
  };
  const folder = folderOf({
    targets: openTargets,
    endpoint: `${server.url}${path}`,
    secrets: (name) => all[name] ?? [],
    timeoutMs: 2_000,
  });
  assert.ok(folder);
  return folder;
}

/** What both kinds of endpoint keep. `root` is the folder on this machine that the endpoint shows. */
function keepsPromises(open: () => Promise<{ folder: Folder; root: string }>): void {
  let folder: Folder;
  let root: string;
  let port: FilePort;
  beforeEach(async () => {
    ({ folder, root } = await open());
    port = filePort(folder, 'out', 1_000_000);
  });
  afterEach(() => folder.close());

  it('makes the folder, writes the whole file and leaves no other', async () => {
    const body = Buffer.alloc(700_000, 'x');
    await port.write('ORDERS_1.edi', body);
    assert.deepEqual(readdirSync(join(root, 'out')), ['ORDERS_1.edi']);
    assert.deepEqual(readFileSync(join(root, 'out', 'ORDERS_1.edi')), body);
    assert.deepEqual(Buffer.from((await port.read('ORDERS_1.edi')) ?? []), body);
  });

  it('replaces a file of the same name', async () => {
    await port.write('a.edi', bytes('one'));
    await port.write('a.edi', bytes('two'));
    assert.equal(readFileSync(join(root, 'out', 'a.edi'), 'utf8'), 'two');
    assert.deepEqual(readdirSync(join(root, 'out')), ['a.edi']);
  });

  it('reads nothing where there is nothing, and an empty file as no bytes', async () => {
    assert.equal(await port.read('none.edi'), undefined);
    await port.write('empty.edi', bytes(''));
    assert.equal((await port.read('empty.edi'))?.length, 0);
  });

  it('takes single, visible names only', async () => {
    for (const name of ['../a', 'a/b', 'a\\b', '.a', '', '..', 'a\u0000b', 'x'.repeat(201)])
      await assert.rejects(port.write(name, bytes('x')), failing('FILE_NAME', 'dead-letter'), name);
    await assert.rejects(port.read('../a'), failing('FILE_NAME', 'dead-letter'));
  });

  it('refuses a file above the limit', async () => {
    await port.write('big.edi', Buffer.alloc(2_000));
    await assert.rejects(folder.read('out/big.edi', 1_999), failing('FILE_TOO_LARGE', 'dead-letter'));
    assert.equal((await folder.read('out/big.edi', 2_000))?.length, 2_000);
  });

  it('lists plain files and no folders', async () => {
    mkdirSync(join(root, 'in', 'done'), { recursive: true });
    for (let at = 0; at < 150; at += 1) writeFileSync(join(root, 'in', `f${at}`), 'x');
    assert.equal((await folder.names('in'))?.length, 150);
    assert.equal(await folder.names('nowhere'), undefined);
    assert.deepEqual((await folder.stat('in/f7'))?.size, 1);
    assert.equal(await folder.stat('in/f999'), undefined);
  });

  it('never moves a file onto another', async () => {
    mkdirSync(join(root, 'in'));
    writeFileSync(join(root, 'in', 'a'), 'new');
    await folder.makeFolder('in/done');
    writeFileSync(join(root, 'in', 'done', 'a'), 'old');
    await assert.rejects(folder.move('in/a', 'in/done/a'), isRerouteError);
    assert.equal(readFileSync(join(root, 'in', 'done', 'a'), 'utf8'), 'old');
    assert.equal(readFileSync(join(root, 'in', 'a'), 'utf8'), 'new');
    await folder.move('in/a', 'in/done/b');
    assert.equal(readFileSync(join(root, 'in', 'done', 'b'), 'utf8'), 'new');
    assert.equal(existsSync(join(root, 'in', 'a')), false);
  });
}

describe('a folder of this machine', () => {
  keepsPromises(async () => {
    const root = tempDir('folder');
    return { root, folder: localFolder(pathToFileURL(root).href) };
  });

  it('follows no symbolic link out of the inbox', async () => {
    const root = tempDir('folder');
    mkdirSync(join(root, 'in'));
    symlinkSync('/etc/hostname', join(root, 'in', 'a'));
    const folder = localFolder(pathToFileURL(root).href);
    assert.deepEqual(await folder.names('in'), []);
    await assert.rejects(folder.read('in/a', 1_000), isRerouteError);
  });

  it('asks a person when the folder cannot be one', async () => {
    const root = tempDir('folder');
    writeFileSync(join(root, 'out'), 'a file in its place');
    const port = filePort(localFolder(pathToFileURL(root).href), 'out', 100);
    await assert.rejects(port.write('a', bytes('x')), failing('FILE_REFUSED', 'dead-letter'));
  });
});

describe('a folder at an SFTP server', () => {
  let server: SftpServer;
  let root: string;
  beforeEach(async () => {
    root = tempDir('sftp');
    server = await startSftp(root);
  });
  afterEach(() => server.stop());

  describe('as any folder', () => {
    keepsPromises(async () => ({ root, folder: sftp(server) }));
  });

  it('is the one that the path of the endpoint names', async () => {
    mkdirSync(join(root, 'we', 'edi'), { recursive: true });
    const folder = sftp(server, {}, '/we/edi');
    await filePort(folder, 'out', 100).write('a', bytes('x'));
    await folder.close();
    assert.deepEqual(readdirSync(join(root, 'we', 'edi', 'out')), ['a']);
  });

  it('shares one connection among calls', async () => {
    const folder = sftp(server);
    const port = filePort(folder, 'out', 100);
    await port.write('0', bytes('x'));
    await Promise.all(['1', '2', '3', '4'].map((name) => port.write(name, bytes(name))));
    await folder.close();
    assert.equal(server.connections, 1);
    assert.equal(readdirSync(join(root, 'out')).length, 5);
  });

  it('is never written to before its host key is known, and the refusal names the key', async () => {
    const port = filePort(sftp(server, { sftpHostKey: ['SHA256:somebodyElse'] }), 'out', 100);
    await assert.rejects(port.write('a', bytes('x')), (error: unknown) => {
      assert.ok(error instanceof FatalError);
      assert.equal(error.code, 'SFTP_HOST_KEY');
      assert.ok(error.message.includes(server.fingerprint));
      return true;
    });
    await assert.rejects(
      filePort(sftp(server, { sftpHostKey: [] }), 'out', 100).read('a'),
      failing('SFTP_HOST_KEY', 'dead-letter'),
    );
    assert.deepEqual(server.seen, []);
  });

  it('takes the host key as a line of known_hosts, and a second one during a rotation', async () => {
    const folder = sftp(server, {
      sftpHostKey: ['SHA256:new', `[127.0.0.1]:${server.port} ${server.hostKey}`],
    });
    await filePort(folder, 'out', 100).write('a', bytes('x'));
    await folder.close();
  });

  it('tries the second key or password when the first is refused', async () => {
    const byKey = sftp(server, { sftpKey: [server.strangerKey, server.clientKey] });
    await filePort(byKey, 'out', 100).write('a', bytes('x'));
    const byPassword = sftp(server, { sftpKey: [], sftpPassword: ['wrong', server.password] });
    await filePort(byPassword, 'out', 100).write('b', bytes('x'));
    await Promise.all([byKey.close(), byPassword.close()]);
    assert.deepEqual(readdirSync(join(root, 'out')), ['a', 'b']);
  });

  it('logs in under the user of the endpoint where no secret names one', async () => {
    const secrets: Record<string, string[]> = {
      sftpKey: [server.clientKey],
      sftpHostKey: [server.fingerprint],
    };
    const folder = folderOf({
      targets: openTargets,
      endpoint: server.url.replace('sftp://', 'sftp://we%40acme@'),
      secrets: (name) => secrets[name] ?? [],
      timeoutMs: 2_000,
    });
    assert.ok(folder);
    await filePort(folder, 'out', 100).write('a', bytes('x'));
    await folder.close();
    assert.deepEqual(server.users, ['we@acme']);
  });

  it('refuses for good when no credential is right, and never says one', async () => {
    const port = filePort(sftp(server, { sftpKey: [], sftpPassword: ['hunter2'] }), 'out', 100);
    await assert.rejects(port.write('a', bytes('x')), (error: unknown) => {
      assert.ok(error instanceof FatalError);
      assert.equal(error.code, 'SFTP_CREDENTIALS');
      assert.ok(!JSON.stringify([error.message, error.hint, error.context]).includes('hunter2'));
      return true;
    });
    const noKey = filePort(sftp(server, { sftpKey: ['no key at all'] }), 'out', 100);
    await assert.rejects(noKey.write('a', bytes('x')), failing('SFTP_CREDENTIALS', 'dead-letter'));
  });

  it('tells a connection lost before the rename from one lost at it', async () => {
    const folder = sftp(server);
    const port = filePort(folder, 'out', 100);
    server.hangUp = { at: 'WRITE', when: 'before' };
    await assert.rejects(port.write('a', bytes('x')), failing('FILE_NOT_WRITTEN', 'retry'));
    assert.equal(existsSync(join(root, 'out', 'a')), false);
    server.hangUp = { at: 'RENAME', when: 'after' };
    await assert.rejects(port.write('a', bytes('x')), failing('FILE_NO_ANSWER', 'ask-person'));
    assert.equal(Buffer.from((await port.read('a')) ?? []).toString(), 'x', 'it was there after all');
    await folder.close();
  });

  it('is tried again when nobody listens', async () => {
    const folder = sftp(server);
    await server.stop();
    await assert.rejects(folder.names('in'), failing('SFTP_NOT_CONNECTED', 'retry'));
    await assert.rejects(
      filePort(folder, 'out', 100).write('a', bytes('x')),
      failing('FILE_NOT_WRITTEN', 'retry'),
    );
  });
});

describe('a partner whose endpoint is no folder', () => {
  it('refuses files for good', async () => {
    assert.throws(() => void noFiles.read('a'), FatalError);
    assert.equal(
      folderOf({ targets: openTargets, endpoint: 'https://x', secrets: () => [], timeoutMs: 1 }),
      undefined,
    );
  });
});
