/** Parity over the API and on the command line. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { PartnerStatus } from '../../lib/engine/api';
import type { PartnersPort } from '../../lib/gateway/deps';
import { aCommit, aFactSeed } from '../../lib/ledger/conformance/builders';
import { root } from '../support';
import { ask } from './support/client';
import { adminToken, startGateway, type TestGateway } from './support/gateway';

const hour = 3_600_000;

describe('the parity of the partners of a lane', () => {
  let gateway: TestGateway;
  const lanes: Record<string, { lane?: string; kinds?: PartnerStatus['kinds'] }> = {
    'acme-edi': { lane: 'US domestic', kinds: ['edi'] },
    'acme-api': { lane: 'US domestic', kinds: ['carrier'] },
    alone: { lane: 'EU' },
    none: {},
  };

  before(async () => {
    gateway = await startGateway();
    const [any] = gateway.deps.partners.list();
    assert.ok(any);
    const statuses = Object.entries(lanes).map(
      ([id, { lane, kinds = [] }]): PartnerStatus => ({
        ...any,
        id,
        kinds,
        ...(lane === undefined ? {} : { tradeLane: lane }),
      }),
    );
    const port: Pick<PartnersPort, 'list' | 'get'> = {
      list: () => statuses,
      get: (id) => statuses.find((status) => status.id === id),
    };
    Object.assign(gateway.deps.partners, port);
    const facts = Array.from({ length: 60 }, (_, at) => {
      const recordedAt = Date.now() - 3 * hour - at * 1_000;
      const order = `SO-${at}`;
      const both = ['acme-edi', 'acme-api'].map((partner) =>
        aFactSeed({ partner, order, recordedAt, subject: `ord:shop:${order}` }),
      );
      return at === 0 ? both.slice(0, 1) : both;
    });
    await gateway.ledger.record(0, aCommit({ facts: facts.flat() }));
  });
  after(() => gateway.stop());

  it('is told with a verdict, coverage, agreement and examples', async () => {
    const { status, json } = await ask(gateway, 'GET /partners/acme-api/parity?since=24h', { as: 'viewer' });
    assert.equal(status, 200);
    assert.partialDeepStrictEqual(json, {
      lane: 'US domestic',
      referencePartner: 'acme-edi',
      candidatePartner: 'acme-api',
      verdict: 'ready',
      reference: 60,
      candidate: 59,
      paired: 59,
      coverage: 0.9833,
      agreement: 1,
    });
    assert.equal(json.onlyReference[0].examples[0].subject, 'ord:shop:SO-0');
    const strict = await ask(gateway, 'GET /partners/acme-api/parity?since=24h&threshold=1');
    assert.equal(strict.json.verdict, 'not-ready');
    const recent = await ask(gateway, 'GET /partners/acme-api/parity?since=90m');
    assert.equal(recent.json.verdict, 'too-little-data');
  });

  it('is refused with a reason where there is nothing to compare with', async () => {
    for (const [path, status, code] of [
      ['/partners/nobody/parity', 404, 'unknown-partner'],
      ['/partners/none/parity', 422, 'no-lane'],
      ['/partners/alone/parity', 422, 'no-lane'],
      ['/partners/acme-api/parity?against=alone', 422, 'no-lane'],
      ['/partners/acme-api/parity?since=yesterday', 400, undefined],
      ['/partners/acme-api/parity?threshold=2', 400, undefined],
    ] as const) {
      const answer = await ask(gateway, `GET ${path}`);
      assert.equal(answer.status, status, path);
      if (code) assert.equal(answer.json.code, code, path);
    }
  });

  const command = (...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const all = [
        join(root, 'dist/lib/cli/main.js'),
        'parity',
        '--target',
        gateway.url,
        '--token',
        adminToken,
        ...args,
      ];
      execFile(process.execPath, all, (error, stdout, stderr) =>
        resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
      );
    });

  it('is shown by the command, which fails while the candidate may not take over', async () => {
    const text = await command('--lane', 'US domestic', '--since', '24h');
    assert.equal(text.code, 0, text.stderr);
    assert.match(text.stdout, /^acme-api against acme-edi: ready$/m);
    assert.match(text.stdout, /^eventTime +59 +0 +0 +0$/m);
    const json = await command('--lane', 'US domestic', '--since', '24h', '--threshold', '1', '--json');
    assert.equal(json.code, 1);
    assert.equal(JSON.parse(json.stdout).verdict, 'not-ready');
    const unknown = await command('--lane', 'EU');
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /1 partners name the lane EU/);
  });
});
