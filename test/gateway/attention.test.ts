/** What operators are shown and asked: alerts by channel, a question with its choices, the children of an incident. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { CaseService } from '../../lib/engine/cases/service';
import type { EngineDeps } from '../../lib/engine/deps';
import type { AlertSeed } from '../../lib/model/alert';
import type { CaseCommand, CaseState } from '../../lib/model/case';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';
import { intendEffect, seedEvent } from './support/seed';

const system = { by: 'system', role: 'system' as const };

describe('What asks for attention', () => {
  let gateway: TestGateway;
  let cases: CaseService;
  before(async () => {
    gateway = await startGateway();
    const { ledger, now, newId } = gateway.deps;
    cases = new CaseService({ ledger, now, newId } as EngineDeps);
  });
  after(() => gateway.stop());

  async function opened(context: object = {}): Promise<CaseState> {
    const value = randomUUID();
    const { case: state } = await seedEvent(gateway.ledger, {
      subject: `ord:shop:${value}`,
      identifiers: { orderNumber: [{ namespace: 'shop', value }] },
      data: { context },
      opensCase: true,
    });
    assert.ok(state);
    return state;
  }
  async function advance(id: string, commands: CaseCommand[]): Promise<CaseState> {
    const applied = await cases.apply(id, () => commands);
    assert.ok(applied.ok, applied.ok ? '' : applied.refusal.message);
    return applied.state;
  }
  const detail = async (id: string, as: 'viewer' | 'operator' | 'supervisor') =>
    (await ask(gateway, `GET /cases/${id}`, { as })).json;

  describe('as alerts', () => {
    const raise = (overrides: Partial<AlertSeed>) =>
      gateway.ledger.raiseAlerts(0, [
        {
          alert: {
            ...{ id: randomUUID(), key: randomUUID(), kind: 'business', rule: 'flow', severity: 'S2' },
            ...{ title: 'Late', message: 'It is late.', at: Date.now() },
            ...overrides,
          },
        },
      ]);

    it('is listed by channel, never both in one', async () => {
      await raise({ title: 'late order', region: 'DE' });
      await raise({ title: 'partner down', kind: 'technical', rule: 'incident', partner: 'ups' });
      const titles = async (query: string) =>
        (await ask(gateway, `GET /alerts?${query}`, { as: 'viewer' })).json.items.map(
          ({ title }: { title: string }) => title,
        );
      assert.deepEqual(await titles('kind=business'), ['late order']);
      assert.deepEqual(await titles('kind=technical'), ['partner down']);
      assert.deepEqual(await titles('region=DE'), ['late order']);
      assert.equal((await ask(gateway, 'GET /alerts?kind=both')).status, 400);
    });

    it('is acknowledged by an operator, with a reason, audited', async () => {
      const [raised] = await raise({});
      const id = raised?.alert.id ?? '';
      const send = (as: 'viewer' | 'operator', to = id) =>
        ask(gateway, `POST /alerts/${to}/actions`, { as, body: { action: 'acknowledge', reason: 'on it' } });
      assert.equal((await send('viewer')).status, 403);
      const { status, json } = await send('operator');
      assert.deepEqual(
        [status, json.state, json.acknowledgedBy],
        [200, 'acknowledged', 'token:the-operator'],
      );
      assert.equal((await send('operator', 'none')).status, 404);
      const { items } = (await ask(gateway, `GET /audit?subject=alert:${id}`)).json;
      assert.deepEqual([items[0].action, items[0].reason], ['alert.acknowledge', 'on it']);
    });
  });

  describe('as a question', () => {
    const choice = (id: string, role: 'operator' | 'supervisor' = 'operator') => ({
      ...{ id, role, label: id, consequence: `it will ${id}`, then: {} },
    });
    async function asked(): Promise<CaseState> {
      const { id } = await opened({ orderValue: { amountMinor: '500', currency: 'EUR' } });
      return advance(id, [
        {
          type: 'enrich',
          ...system,
          resolved: true,
          context: { orderValue: { amountMinor: '500', currency: 'EUR' } },
        },
        { type: 'requestDecision', ...system, policy: { name: 'q', version: '1', inputs: {} } },
        {
          type: 'ask',
          ...system,
          question: {
            text: 'What now?',
            choices: [choice('SEND'), choice('WRITE_OFF', 'supervisor')],
            approvalLimit: { amountMinor: '100', currency: 'EUR' },
          },
        },
      ]);
    }

    it('shows each caller what the choices lead to and what they need', async () => {
      const { id } = await asked();
      const seen = await detail(id, 'operator');
      assert.ok(seen.allowedActions.includes('decide'));
      assert.deepEqual(
        seen.question.choices.map((one: Record<string, unknown>) => [one.id, one.consequence, one.allowed]),
        [
          ['SEND', 'it will SEND', true],
          ['WRITE_OFF', 'it will WRITE_OFF', false],
        ],
      );
      assert.match(seen.question.choices[0].needs, /a second person, a supervisor/);
      const viewer = await detail(id, 'viewer');
      assert.ok(!viewer.allowedActions.includes('decide'));
      assert.deepEqual(
        viewer.question.choices.map(({ allowed }: { allowed: boolean }) => allowed),
        [false, false],
      );
    });

    it('is decided by a choice, by two persons above the limit', async () => {
      const { id, version } = await asked();
      const choose = (as: 'operator' | 'supervisor', expectedVersion: number, pick = 'SEND') =>
        ask(gateway, `POST /cases/${id}/actions`, {
          as,
          body: { action: 'decide', choice: pick, reason: 'because', expectedVersion },
        });
      const first = await choose('operator', version);
      assert.deepEqual([first.status, first.json.case.state], [200, 'DECISION_PENDING']);
      const again = await choose('operator', version + 1);
      assert.deepEqual([again.status, again.json.code], [422, 'four-eyes-required']);
      const second = await choose('supervisor', version + 1);
      assert.deepEqual([second.json.case.state, second.json.case.plan.outcome], ['REMEDIATING', 'SEND']);
      assert.equal((await detail(id, 'operator')).question, undefined);
    });

    it('refuses what is no choice', async () => {
      const { id, version } = await asked();
      const body = { action: 'decide', choice: 'DANCE', reason: 'r', expectedVersion: version };
      assert.equal(
        (await ask(gateway, `POST /cases/${id}/actions`, { as: 'operator', body })).json.code,
        'choice-unknown',
      );
    });
  });

  it("offers decide where an effect of the case waits for a person, whatever the case's state", async () => {
    const subject = `ord:shop:${randomUUID()}`;
    const { case: state, runId } = await seedEvent(gateway.ledger, {
      subject,
      identifiers: { orderNumber: [{ namespace: 'shop', value: subject }] },
      opensCase: true,
    });
    assert.ok(state);
    assert.ok(!(await detail(state.id, 'operator')).allowedActions.includes('decide'));
    const asked = { subject, runId, caseId: state.id, at: Date.now() };
    await intendEffect(gateway.ledger, { ...asked, state: 'AWAITING_APPROVAL' });
    assert.ok((await detail(state.id, 'operator')).allowedActions.includes('decide'));
    assert.ok(!(await detail(state.id, 'viewer')).allowedActions.includes('decide'));
  });

  it('finds the children of an incident', async () => {
    const child = await opened();
    const parent = await opened();
    await opened();
    await advance(child.id, [{ type: 'link', ...system, parent: parent.id }]);
    const { json } = await ask(gateway, `GET /cases?parent=${parent.id}`);
    const { children } = await detail(parent.id, 'viewer');
    assert.deepEqual(children.items, json.items);
    assert.equal((await detail(child.id, 'viewer')).children, undefined);
    assert.deepEqual(
      json.items.map(({ id, parent }: CaseState) => [id, parent]),
      [[child.id, parent.id]],
    );
  });
});
