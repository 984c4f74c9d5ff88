import assert from 'node:assert/strict';
import { Held } from './held';
import { inMode, Scene } from './scene';
import { ordered, sendShortPick, stockElsewhere } from './traffic';

describe('the short pick flow with a warehouse that is only observed', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('observe', inMode('wms', 'observe'));
  });
  after(() => scene?.stop());

  it('records what it would do at every system, and does none of it', async () => {
    const picked = await ordered(scene, 401);
    const elsewhere = await stockElsewhere(scene, picked, '50');
    await sendShortPick(scene, picked, '0');
    const held = new Held(scene, picked);
    const item = await held.caseIn(['REMEDIATING']);
    await scene.drained();
    const { effects } = await held.detail(item);
    assert.deepEqual(
      effects.filter(({ safety }) => safety !== 'read').map(({ step, state }) => `${step} ${state}`),
      ['reserve', 'move', 'block', 'book', 'cancel', 'release', 'note', 'eta', 'ticket', 'notice'].map(
        (step) => `${step} OBSERVED`,
      ),
    );
    assert.deepEqual(await held.deeds(), []);
    assert.equal((await held.firstBooking()).state, 'CONFIRMED');
    assert.equal(await held.stock(picked.order.lines[0]?.item ?? '', elsewhere), '50/50');
    assert.equal(await held.shopEta(), null);
    assert.equal((await scene.runs()).dead, 0);
  });
});

describe('the short pick flow with an ERP that asks first', () => {
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('assist', inMode('erp', 'assist'));
  });
  after(() => scene?.stop());

  /** What waits for a person, decided by one. */
  async function decide(held: Held, step: string, decision: 'approve' | 'decline'): Promise<void> {
    const item = await held.caseIn(['REMEDIATING']);
    await scene.until(async () => {
      const { effects } = await held.detail(item);
      return effects.some((effect) => effect.step === step && effect.state === 'AWAITING_APPROVAL');
    }, `${step} to wait`);
    await scene.drained();
    const detail = await held.detail(item);
    const effect = detail.effects.find((one) => one.step === step);
    await scene.post(`/api/v1/cases/${item.id}/actions`, {
      action: 'decide',
      effects: [{ key: effect?.key, decision }],
      reason: 'looked at it',
      expectedVersion: detail.case.version,
    });
  }

  it('waits before each change of the ERP and goes on as it is approved', async () => {
    const picked = await ordered(scene, 402);
    await stockElsewhere(scene, picked, '0');
    await sendShortPick(scene, picked, '6');
    const held = new Held(scene, picked);
    const planned = picked.order.promisedDeliveryAt.slice(0, 10);
    await decide(held, 'split', 'approve');
    await scene.until(async () => (await held.schedule()).length === 2, 'the split');
    assert.deepEqual(await held.delivery(), { block: '', quantities: ['10'] }, 'the next one waits again');
    await decide(held, 'reduce', 'approve');
    await decide(held, 'note', 'approve');
    await held.caseIn(['VERIFIED']);
    assert.equal((await held.schedule())[0], `6 on ${planned}`);
    assert.deepEqual(await held.delivery(), { block: '', quantities: ['6'] });
    assert.deepEqual(await held.released(), [['10: 6']]);
    assert.deepEqual(await held.notices(), ['short-pick-split']);
  });

  it('takes back what came before a change that is declined', async () => {
    const picked = await ordered(scene, 403);
    const elsewhere = await stockElsewhere(scene, picked, '50');
    await sendShortPick(scene, picked, '0');
    const held = new Held(scene, picked);
    await decide(held, 'move', 'decline');
    const item = await held.caseIn(['MANUAL']);
    await scene.drained();
    assert.deepEqual(await held.deeds(), ['wms reserve', 'wms unreserve', 'desk createTicket']);
    assert.equal(await held.stock(picked.order.lines[0]?.item ?? '', elsewhere), '50/50');
    assert.deepEqual((await held.tickets(item)).person, ['URGENT']);
  });
});
