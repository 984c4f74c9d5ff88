/** HTTP under a client certificate, against a server that demands one. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { HttpAmbiguousError, HttpNotSentError } from '../../../lib/connectors/kit/http';
import { type PartnerHttp, partnerHttp } from '../../../lib/engine/partners/http';
import { tlsIdentities } from '../../../lib/engine/partners/tls';
import { need, onPath, startProcess, tempDir, withFreePort } from '../../support';
import { type Authority, type Certificate, makeAuthority } from '../../support/certificates';

interface Strict {
  url: string;
  stop(): Promise<unknown>;
}

/** openssl's test server: it answers a page that names the client. */
function startStrict(authority: string, { certificate, key }: Certificate): Promise<Strict> {
  const dir = tempDir('strict');
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const own = [
    '-cert',
    file('cert', certificate),
    '-key',
    file('key', key),
    '-CAfile',
    file('ca', authority),
  ];
  return withFreePort(async (port) => {
    const args = ['s_server', '-tls1_2', '-accept', `127.0.0.1:${port}`, ...own];
    const running = await startProcess('openssl', [...args, '-Verify', '1', '-verify_return_error', '-www'], {
      ready: /ACCEPT/,
    });
    return { url: `https://127.0.0.1:${port}`, stop: () => running.stop() };
  });
}

describe('a partner that demands a client certificate', () => {
  let authority: Authority;
  let stranger: Certificate;
  let ours: Certificate;
  let renewed: Certificate;
  let server: Server;
  let endpoint: string;
  /** Refuses within the handshake, as TLS 1.2 does; under 1.3 a refusal comes after it, beside the request. */
  let strict: Strict;
  const seen: string[] = [];
  const opened: PartnerHttp[] = [];

  before(async function () {
    need(this, 'openssl', onPath('openssl'));
    authority = makeAuthority('partner authority');
    stranger = makeAuthority('somebody else').issue('stranger');
    ours = authority.issue('reroute');
    renewed = authority.issue('reroute renewed');
    const { certificate: cert, key } = authority.issue('partner');
    server = createServer(
      { cert, key, ca: authority.certificate, requestCert: true, rejectUnauthorized: true },
      (request, response) => {
        seen.push(`${request.url} ${(request.socket as TLSSocket).getPeerCertificate().subject.CN}`);
        response.end('{}');
      },
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    endpoint = `https://127.0.0.1:${(server.address() as AddressInfo).port}`;
    strict = await startStrict(authority.certificate, { certificate: cert, key });
  });
  beforeEach(() => seen.splice(0));
  afterEach(() => Promise.all(opened.splice(0).map((http) => http.close())));
  after(async () => {
    await strict?.stop();
    server?.closeAllConnections();
    await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  });

  /** A partner with these secrets; they may be exchanged while it lives. */
  function partner(secrets: Record<string, string[]>, at = endpoint) {
    const http = partnerHttp({
      endpoint: at,
      timeoutMs: 2_000,
      maxResponseBytes: 100_000,
      connections: 2,
      identities: () => tlsIdentities((name) => secrets[name] ?? []),
    });
    opened.push(http);
    return (path: string) => http.port({ method: 'GET', path });
  }
  const identity = ({ certificate, key }: Certificate) => ({
    clientCertificate: [certificate],
    clientKey: [key],
  });
  const trusted = () => ({ certificateAuthority: [authority.certificate] });

  it('gets it', async () => {
    const get = partner({ ...identity(ours), ...trusted() });
    assert.equal((await get('/a')).status, 200);
    assert.deepEqual(seen, ['/a reroute']);
  });

  it('gets the next one when it refuses the first in the handshake', async () => {
    const secrets = {
      clientCertificate: [stranger.certificate, ours.certificate],
      clientKey: [stranger.key, ours.key],
      ...trusted(),
    };
    const answer = await partner(secrets, strict.url)('/');
    assert.equal(answer.status, 200);
    assert.match(answer.text(), /CN\s*=\s*reroute/);
  });

  it('gets the renewed one without a restart', async () => {
    const secrets = { ...identity(ours), ...trusted() };
    const get = partner(secrets);
    await get('/c');
    Object.assign(secrets, identity(renewed));
    await get('/c');
    assert.deepEqual(seen, ['/c reroute', '/c reroute renewed']);
  });

  it('is told as not sent when none is presented or none is accepted', async () => {
    for (const secrets of [trusted(), { ...identity(stranger), ...trusted() }])
      await assert.rejects(partner(secrets, strict.url)('/'), HttpNotSentError);
  });

  it('is told as unknown when it hangs up only after the handshake', async () => {
    await assert.rejects(partner({ ...identity(stranger), ...trusted() })('/f'), HttpAmbiguousError);
    assert.deepEqual(seen, []);
  });

  it('is not spoken to when its own certificate comes from nobody we trust', async () => {
    await assert.rejects(partner(identity(ours))('/e'), HttpNotSentError);
    assert.deepEqual(seen, []);
  });
});
