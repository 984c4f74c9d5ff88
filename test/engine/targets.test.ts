/** Where calls to partners may go. */
import assert from 'node:assert/strict';
import dns, { type LookupAddress } from 'node:dns';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { sftpFolder } from '../../lib/engine/files/sftp';
import { smtpPort } from '../../lib/engine/mail/smtp';
import { partnerHttp } from '../../lib/engine/partners/http';
import { TargetPolicy } from '../../lib/engine/partners/targets';

const strict = new TargetPolicy({ inside: false, allowed: [] });
const development = new TargetPolicy({ inside: true, allowed: [] });
const open = { timeoutMs: 2_000, maxResponseBytes: 1_000, connections: 1 };

describe('A call to a partner', () => {
  it('goes to no address of this machine, of private networks or of metadata services', () => {
    const inside = [
      '127.0.0.1',
      '127.9.9.9',
      '10.1.2.3',
      '172.16.0.1',
      '172.31.255.255',
      '192.168.1.1',
      '100.64.0.1',
      '::1',
      'fd12::1',
    ];
    const never = [
      '169.254.169.254',
      '0.0.0.0',
      '100.100.100.200',
      '168.63.129.16',
      'fe80::1',
      'fe80::1%eth0',
      'fd00:ec2::254',
      '::',
      'ff02::1',
      '255.255.255.255',
    ];
    const dressed = [
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::FFFF:169.254.169.254',
      '64:ff9b::10.0.0.1',
      '0:0:0:0:0:ffff:a9fe:a9fe',
    ];
    for (const address of [...inside, ...never, ...dressed])
      assert.equal(strict.allows(address), false, address);
    for (const address of [
      '93.184.215.14',
      '8.8.8.8',
      '2606:4700::1111',
      '::ffff:8.8.8.8',
      '172.32.0.1',
      '100.128.0.1',
    ])
      assert.equal(strict.allows(address), true, address);
    for (const address of inside)
      assert.equal(development.allows(address), true, `${address} in development`);
    for (const address of never)
      assert.equal(development.allows(address), false, `${address} in development`);
    assert.equal(strict.allows('no address'), false);
  });

  it('goes where the operator says, by address, range or name, and nowhere beside', () => {
    const policy = new TargetPolicy({
      inside: false,
      allowed: ['10.20.0.0/16', '192.168.7.7', 'fd12:3456::/32', 'ERP.internal'],
    });
    for (const address of ['10.20.3.4', '192.168.7.7', 'fd12:3456::9'])
      assert.equal(policy.allows(address), true, address);
    for (const address of ['10.21.0.1', '192.168.7.8', '127.0.0.1', '169.254.169.254'])
      assert.equal(policy.allows(address), false, address);
  });

  it('is refused for an address in any spelling before a socket is opened', async () => {
    for (const endpoint of [
      'http://127.0.0.1:1/',
      'http://2130706433/',
      'http://0x7f.1/',
      'http://017700000001/',
      'http://[::1]:1/',
      'http://[::ffff:127.0.0.1]/',
      'http://169.254.169.254/latest/meta-data/',
    ]) {
      const http = partnerHttp({ ...open, endpoint, targets: strict });
      await assert.rejects(
        async () => http.port({ method: 'GET', path: '/' }),
        { code: 'TARGET_FORBIDDEN' },
        endpoint,
      );
      await http.close();
    }
  });

  it('is refused for a name that leads inside, over HTTP, SFTP and SMTP', async () => {
    const secrets = (name: string) => (name === 'sftpUser' ? ['ada'] : []);
    const http = partnerHttp({ ...open, endpoint: 'http://localhost:1', targets: strict });
    await assert.rejects(async () => http.port({ method: 'GET', path: '/' }), { code: 'TARGET_FORBIDDEN' });
    await http.close();
    const folder = sftpFolder({ endpoint: 'sftp://localhost:1/x', secrets, timeoutMs: 500, targets: strict });
    await assert.rejects(folder.names('in'), { code: 'TARGET_FORBIDDEN' });
    await folder.close();
    const mail = smtpPort({
      endpoint: 'smtp://localhost:1',
      secrets: () => [],
      timeoutMs: 500,
      targets: strict,
    });
    const message = {
      from: 'a@example.com',
      to: ['b@example.com'],
      subject: 's',
      text: 't',
      messageId: 'm@example.com',
    };
    await assert.rejects(mail.send(message), { code: 'TARGET_FORBIDDEN' });
  });

  it('looks a name up once, and connects to the address that was checked', async () => {
    const answers: string[] = [];
    const server = createServer((_request, response) => response.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const original = dns.lookup;
    // A name that answers a public address first and this machine at the next question.
    const rebinding = (
      _name: string,
      _options: unknown,
      done: (error: null, found: LookupAddress[]) => void,
    ) => {
      const address = answers.length === 0 ? '192.0.2.1' : '127.0.0.1';
      answers.push(address);
      done(null, [{ address, family: 4 }]);
    };
    Object.assign(dns, { lookup: rebinding });
    try {
      assert.equal(await strict.resolve('rebind.example'), '192.0.2.1');
      await assert.rejects(strict.resolve('rebind.example'), { code: 'TARGET_FORBIDDEN' });
      const http = partnerHttp({
        ...open,
        endpoint: `http://rebind.example:${(server.address() as AddressInfo).port}`,
        targets: strict,
      });
      await assert.rejects(async () => http.port({ method: 'GET', path: '/' }), { code: 'TARGET_FORBIDDEN' });
      await http.close();
      assert.equal(answers.length, 3, 'one question a connection');
    } finally {
      Object.assign(dns, { lookup: original });
      server.close();
    }
  });

  it('reaches a partner inside whose name is allowed', async () => {
    const server = createServer((_request, response) => response.end('reached')).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const named = new TargetPolicy({ inside: false, allowed: ['localhost'] });
    const http = partnerHttp({
      ...open,
      endpoint: `http://localhost:${(server.address() as AddressInfo).port}`,
      targets: named,
    });
    try {
      const answer = await http.port({ method: 'GET', path: '/' });
      assert.equal(answer.text(), 'reached');
    } finally {
      await http.close();
      server.close();
    }
  });
});
