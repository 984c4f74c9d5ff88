import assert from 'node:assert/strict';
import fc from 'fast-check';
import { afterPage, openWindow } from '../../lib/connectors/kit/change-feed';

const start = Date.UTC(2026, 0, 1);
const minute = 60_000;

/** A system whose changes show a while after they are stamped, asked again and again. */
function fetchAll(
  changes: readonly { id: number; stamped: number; shows: number }[],
  limit: number,
  until: number,
) {
  const fetched = new Set<string>();
  let requests = 0;
  let cursor: string | undefined;
  for (let now = start; now <= until; now += minute) {
    for (let more = true; more; ) {
      const window = openWindow(cursor, start, now);
      const latest = new Map<number, number>();
      for (const { id, stamped, shows } of changes)
        if (shows <= now) latest.set(id, Math.max(latest.get(id) ?? 0, stamped));
      const page = [...latest]
        .map(([id, changedAt]) => ({ id, changedAt }))
        .filter(({ id, changedAt }) => changedAt >= window.from && id > window.afterId)
        .sort((a, b) => a.id - b.id)
        .slice(0, limit);
      for (const { id, changedAt } of page) fetched.add(`${id}@${changedAt}`);
      const next = afterPage(window, page, page.length === limit);
      cursor = next.cursor;
      more = next.more;
      requests += 1;
      assert.ok(requests < 10_000, 'it does not end');
    }
  }
  return { fetched, last: openWindow(cursor, start, until) };
}

describe('a feed of changes', () => {
  it('misses no record in its last state, though changes show late and pages are small', () => {
    const change = fc.record({
      id: fc.integer({ min: 1, max: 6 }),
      stamped: fc.integer({ min: 0, max: 20 * minute }),
      takes: fc.integer({ min: 0, max: 100_000 }),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 15 }), fc.integer({ min: 1, max: 4 }), (list, limit) => {
        const changes = list.map(({ id, stamped, takes }) => ({
          id,
          stamped: start + stamped,
          shows: start + stamped + takes,
        }));
        const { fetched } = fetchAll(changes, limit, start + 40 * minute);
        const latest = new Map<number, number>();
        for (const { id, stamped } of changes) latest.set(id, Math.max(latest.get(id) ?? 0, stamped));
        for (const [id, stamped] of latest) assert.ok(fetched.has(`${id}@${stamped}`), `${id} is missing`);
      }),
    );
  });

  it('asks for nothing old once it has been quiet for a while', () => {
    const { last } = fetchAll(
      [{ id: 1, stamped: start + minute, shows: start + minute }],
      10,
      start + 10 * minute,
    );
    assert.ok(last.from > start + minute);
  });

  it('begins anew with a cursor that it cannot read', () => {
    for (const cursor of ['', 'null', '{"from":"x"}'])
      assert.deepEqual(openWindow(cursor, 5, 9), { from: 5, afterId: 0, newest: 5, opened: 9 });
  });
});
