import assert from 'node:assert/strict';
import fc from 'fast-check';
import { chainHash, chainStart, verifyChain } from '../../lib/model/audit';

interface Entry {
  seq: number;
  action: string;
  after?: unknown;
  previousHash: string;
  hash: string;
}

function chain(actions: string[]): Entry[] {
  const entries: Entry[] = [];
  for (const action of actions) {
    const previousHash = entries.at(-1)?.hash ?? chainStart;
    const entry = { seq: entries.length + 1, action, after: { z: 1, a: undefined } };
    entries.push({ ...entry, previousHash, hash: chainHash(previousHash, entry) });
  }
  return entries;
}

describe('the audit chain', () => {
  it('checks, whole or in pages, and after a trip through JSON', () => {
    const entries = JSON.parse(JSON.stringify(chain(['a', 'b', 'c', 'd']))) as Entry[];
    const whole = verifyChain(entries);
    assert.deepEqual(whole, { ok: true, checked: 4, lastHash: entries[3]?.hash });
    const head = verifyChain(entries.slice(0, 2));
    assert.ok(head.ok);
    assert.deepEqual(verifyChain(entries.slice(2), { hash: head.lastHash, seq: 2 }), {
      ok: true,
      checked: 2,
      lastHash: entries[3]?.hash,
    });
  });
  it('is true of an empty chain', () =>
    assert.deepEqual(verifyChain([]), { ok: true, checked: 0, lastHash: chainStart }));
  it('names the first entry that was changed, dropped, doubled or put in', () => {
    const entries = chain(['a', 'b', 'c', 'd']);
    const [a, b, c, d] = entries as [Entry, Entry, Entry, Entry];
    assert.deepEqual(verifyChain([a, { ...b, action: 'x' }, c, d]), {
      ok: false,
      checked: 1,
      seq: 2,
      reason: 'hash',
    });
    assert.deepEqual(verifyChain([a, c, d]), { ok: false, checked: 1, seq: 3, reason: 'gap' });
    assert.deepEqual(verifyChain([b, c]), { ok: false, checked: 0, seq: 2, reason: 'gap' });
    assert.deepEqual(verifyChain([a, a]), { ok: false, checked: 1, seq: 1, reason: 'gap' });
    const forged = { seq: 2, action: 'x', previousHash: a.hash };
    assert.deepEqual(verifyChain([a, { ...forged, hash: chainHash(a.hash, forged) }, c]), {
      ok: false,
      checked: 2,
      seq: 3,
      reason: 'previous-hash',
    });
  });
  it('notices any edit of any entry', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string(), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        fc.string(),
        (actions, where, action) => {
          const entries = chain(actions);
          const index = where % entries.length;
          const edited = entries.map((entry, n) => (n === index ? { ...entry, action } : entry));
          assert.equal(verifyChain(edited).ok, actions[index] === action);
        },
      ),
    );
  });
});
