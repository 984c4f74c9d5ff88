/** Rows by their keys, by unique indexes: several processes write, so nothing may be remembered of what there is. */
import type { Database, Keys } from '../sqlite/database';

/** Indexes raw_dedup, facts_id and effects_key. */
const selects = {
  raw: 'SELECT seq FROM raw WHERE partner = ? AND dedup_key = ? AND first_id IS NULL',
  fact: 'SELECT seq FROM facts WHERE id = ?',
  effect: 'SELECT seq FROM effects WHERE key = ?',
};

export const indexedKeys: Keys = {
  find(db: Database, kind, key, holds) {
    const found = db.get<{ seq: number }>(selects[kind], ...(kind === 'raw' ? partsOf(key) : [key]));
    return found && holds(found.seq);
  },
  add() {},
  begin() {},
  mark: () => ({ added: 0, moved: 0 }),
  undo() {},
  move() {},
  committed() {},
};

/** A payload's key is its partner and its dedup key, a line each; a partner's id has no line break. */
function partsOf(key: string): [partner: string, dedupKey: string] {
  const end = key.indexOf('\n');
  return [key.slice(0, end), key.slice(end + 1)];
}
