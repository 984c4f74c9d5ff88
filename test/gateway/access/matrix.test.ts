/** Every call, with every role, in and out of what the caller is limited to. */
import assert from 'node:assert/strict';
import { permits, type Role, roles } from '../../../lib/gateway/roles';
import type { Route } from '../../../lib/gateway/route';
import { routes } from '../../../lib/gateway/routes';
import { createToken } from '../../../lib/gateway/tokens';
import type { Scope } from '../../../lib/model/scope';
import { ask, type CallOptions, type Reply } from '../support/client';
import { startGateway, type TestGateway } from '../support/gateway';
import { killRun, seedEvent } from '../support/seed';
import { matrix, type Row, type World } from './matrix.table';

const limits: Record<string, Scope> = {
  region: { regions: ['DE'] },
  partner: { partners: ['acme'] },
  both: { regions: ['DE'], partners: ['acme'] },
};

async function seed(gateway: TestGateway, partner: string, region: string): Promise<World> {
  const order = `${partner}-order`;
  const subject = `ord:shop:${order}`;
  const event = await seedEvent(gateway.ledger, {
    subject,
    partner,
    region,
    identifiers: { orderNumber: [{ namespace: 'shop', value: order }] },
    opensCase: true,
  });
  const letterId = await killRun(gateway.ledger, subject, event.runId, undefined, undefined, partner);
  const { json } = await ask(gateway, 'POST /replays', {
    body: { name: 'n', reason: 'r', mode: 'live', select: { ids: [letterId] } },
  });
  const alertId = `alert-${partner}`;
  await gateway.ledger.raiseAlerts(0, [
    {
      alert: {
        id: alertId,
        key: partner,
        kind: 'business',
        rule: 'flow',
        severity: 'S2',
        title: 'Late',
        message: `${partner} is late`,
        partner,
        region,
        at: Date.now(),
      },
    },
  ]);
  const caseId = event.case?.id ?? '';
  return {
    caseId,
    factId: event.factId,
    runId: event.runId,
    letterId,
    alertId,
    replayId: json.replay.id,
    order,
    partner,
  };
}

describe('The authorisation matrix', () => {
  let gateway: TestGateway;
  let inside: World;
  let outside: World;
  const tokens = new Map<string, string>();
  before(async () => {
    gateway = await startGateway();
    inside = await seed(gateway, 'acme', 'DE');
    outside = await seed(gateway, 'globex', 'US');
    for (const [name, scope] of Object.entries(limits))
      for (const role of roles) {
        const made = createToken({
          dataDir: gateway.dataDir,
          name: `${name}-${role}`,
          role,
          scope,
          now: Date.now(),
        });
        tokens.set(`${name}-${role}`, made.token);
      }
  });
  after(() => gateway.stop());

  const call = (entry: Route, row: Row, world: World, options: CallOptions): Promise<Reply> => {
    const path = row.path?.(world) ?? entry.path.replace(/:[a-z]+/gi, 'none');
    const body = entry.method === 'post' ? (row.body?.(world) ?? {}) : undefined;
    return ask(gateway, `${entry.method.toUpperCase()} ${path}`, {
      ...options,
      ...(body === undefined ? {} : { body }),
    });
  };
  const as = (limit: string, role: Role): CallOptions => ({
    as: 'nobody',
    headers: { authorization: `Bearer ${tokens.get(`${limit}-${role}`)}` },
  });
  /** Got past authorisation: whatever else is wrong with the request. */
  const passed = ({ status, json }: Reply) =>
    status < 500 &&
    status !== 401 &&
    status !== 405 &&
    !(status === 403 && /forbidden|out-of-scope/.test(json.code));

  it('has a row for every call, and no other', () => {
    assert.deepEqual(Object.keys(matrix).sort(), routes.map((entry) => entry.id).sort());
  });

  for (const entry of routes) {
    const row = matrix[entry.id];
    if (!row || row.role === 'open') continue;
    const { role: needed, kind } = row;
    describe(`${entry.method.toUpperCase()} ${entry.path}`, () => {
      it(`asks for ${needed}`, async () => {
        assert.equal(entry.role, needed);
        assert.equal((await call(entry, row, inside, { as: 'nobody' })).status, 401);
        for (const role of roles) {
          const reply = await call(entry, row, inside, { as: role });
          if (permits(role, needed))
            assert.ok(passed(reply), `${role} got ${reply.status} ${reply.text.slice(0, 200)}`);
          else assert.equal(reply.json.code, 'forbidden', role);
        }
      });

      for (const limit of Object.keys(limits)) {
        it(`keeps to the ${limit} that a caller is limited to`, async () => {
          for (const role of roles) {
            const within = await call(entry, row, inside, as(limit, role));
            const beyond = await call(entry, row, outside, as(limit, role));
            const who = `${limit}-${role} got ${within.status} and ${beyond.status}`;
            if (!permits(role, needed)) {
              assert.deepEqual([within.status, beyond.status], [403, 403], who);
              continue;
            }
            if (kind === 'house')
              assert.ok([403, 404].includes(within.status) && within.status === beyond.status, who);
            else assert.ok(passed(within), `${who}: ${within.text.slice(0, 200)}`);
            if (kind === 'item') assert.equal(beyond.status, entry.method === 'get' ? 404 : 403, who);
            if (kind === 'lists') {
              assert.ok(!/globex/.test(within.text), `${who} with globex in it`);
              assert.ok(/acme/.test(within.text), `${who} without acme`);
            }
          }
        });
      }
    });
  }

  it("counts the caller's part in the overview, and names what nobody can count", async () => {
    const overview = async (options: CallOptions) =>
      (await ask(gateway, 'GET /metrics/overview', options)).json;
    const whole = await overview({ as: 'viewer' });
    assert.deepEqual([whole.cases.open, whole.deadLetters.open, whole.unavailable], [2, 2, []]);
    for (const limit of Object.keys(limits)) {
      const part = await overview(as(limit, 'viewer'));
      assert.deepEqual([part.cases.open, part.deadLetters.open], [1, 1], limit);
      assert.deepEqual(part.runs, {}, limit);
      assert.equal(part.unavailable.includes('runs'), true, limit);
      assert.equal(part.unavailable.includes('recurrence'), limit === 'both', limit);
    }
  });

  it('leaves refused writes of limited callers in the audit', async () => {
    await call(
      routes.find(({ id }) => id === 'actOnPartner') as Route,
      matrix.actOnPartner as Row,
      outside,
      as('region', 'supervisor'),
    );
    const { json } = await ask(gateway, 'GET /audit?actor=token:region-supervisor');
    assert.ok(
      json.items.some(
        (item: { action: string; outcome: string }) =>
          item.action === 'api.actOnPartner' && item.outcome === 'refused',
      ),
    );
  });

  it('shows limited callers the audit of their cases and of what they did themselves', async () => {
    const list = async (path: string) =>
      (await ask(gateway, `GET ${path}`, as('region', 'viewer'))).json.items as { actor: string }[];
    await ask(gateway, `POST /cases/${inside.caseId}/actions`, {
      body: { action: 'note', expectedVersion: 1, reason: 'seen' },
    });
    assert.ok((await list(`/audit?subject=case:${inside.caseId}`)).length > 0);
    assert.deepEqual(await list(`/audit?subject=case:${outside.caseId}`), []);
    assert.ok((await list('/audit')).every((item) => item.actor === 'token:region-viewer'));
  });

  it('keeps a limited caller from the metrics, which name every partner', async () => {
    const read = (token: string | undefined) =>
      fetch(`${gateway.url}/metrics`, {
        headers: { 'x-forwarded-for': '192.0.2.1', authorization: `Bearer ${token}` },
      });
    assert.equal((await read(tokens.get('region-admin'))).status, 401);
    assert.equal((await read(gateway.token('viewer'))).status, 200);
  });

  it('lets a limited caller replay through a filter that names a partner within reach only', async () => {
    const replay = async (filter: unknown) =>
      (
        await ask(gateway, 'POST /replays', {
          ...as('region', 'supervisor'),
          body: { name: 'n', reason: 'r', mode: 'preview', select: { filter } },
        })
      ).status;
    assert.equal(await replay({ partner: 'acme' }), 201);
    assert.equal(await replay({ partner: 'globex' }), 403);
    assert.equal(await replay({ reason: 'PAYLOAD_BAD' }), 403);
  });
});
