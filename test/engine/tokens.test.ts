import assert from 'node:assert/strict';
import { Tokens } from '../../lib/engine/partners/tokens';

describe('Access tokens', () => {
  let now = 0;
  let asked = 0;
  const ask = (expiresInMs?: number) => async () => {
    asked += 1;
    return { value: `Bearer ${asked}`, ...(expiresInMs === undefined ? {} : { expiresInMs }) };
  };
  let tokens: Tokens;
  beforeEach(() => {
    now = 0;
    asked = 0;
    tokens = new Tokens(() => now);
  });

  it('are asked for once and kept', async () => {
    assert.equal(await tokens.get('a', ask(3_600_000)), 'Bearer 1');
    now = 3_500_000;
    assert.equal(await tokens.get('a', ask(3_600_000)), 'Bearer 1');
    assert.equal(await tokens.get('b', ask(3_600_000)), 'Bearer 2');
  });

  it('are renewed before they expire', async () => {
    await tokens.get('a', ask(3_600_000));
    now = 3_575_000;
    assert.equal(await tokens.get('a', ask(3_600_000)), 'Bearer 2');
  });

  it('are asked for once by calls at the same time', async () => {
    const got = await Promise.all([1, 2, 3].map(() => tokens.get('a', ask(60_000))));
    assert.deepEqual(got, ['Bearer 1', 'Bearer 1', 'Bearer 1']);
  });

  it('that could not be had are asked for again by the next call', async () => {
    await assert.rejects(tokens.get('a', () => Promise.reject(new Error('busy'))));
    assert.equal(await tokens.get('a', ask(60_000)), 'Bearer 1');
  });

  it('are dropped when the vendor refuses them, unless there is a newer one', async () => {
    const first = await tokens.get('a', ask(3_600_000));
    tokens.drop('a', first);
    assert.equal(await tokens.get('a', ask(3_600_000)), 'Bearer 2');
    tokens.drop('a', first);
    assert.equal(await tokens.get('a', ask(3_600_000)), 'Bearer 2');
  });

  it('without a stated lifetime are kept for minutes, not for ever', async () => {
    await tokens.get('a', ask());
    now = 10 * 60_000;
    assert.equal(await tokens.get('a', ask()), 'Bearer 2');
  });

  it('that live only for a moment still serve those who waited', async () => {
    assert.equal(await tokens.get('a', ask(10_000)), 'Bearer 1');
    now = 4_000;
    assert.equal(await tokens.get('a', ask(10_000)), 'Bearer 1');
    now = 6_000;
    assert.equal(await tokens.get('a', ask(10_000)), 'Bearer 2');
  });
});
