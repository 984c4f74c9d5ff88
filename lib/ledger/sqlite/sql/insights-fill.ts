/** Counts the cases that were there before their sums were kept. */
import type { CaseState } from '../../../model/case-types';
import { carrierOf } from '../../../model/measures';
import type { Database } from '../database';
import { measuredText } from '../measured';
import { type CountedCase, countCase } from './measures';

interface OldRow extends CountedCase {
  seq: number;
  state: string;
}

const pageSize = 1_000;

export function fillInsights(db: Database): void {
  // These were kept already; everything is counted anew.
  db.run("DELETE FROM counters WHERE kind = 'cases'");
  let seq = 0;
  for (;;) {
    const rows = db.all<OldRow>('SELECT * FROM cases WHERE seq > ? ORDER BY seq LIMIT ?', seq, pageSize);
    for (const row of rows) {
      const state = JSON.parse(row.state) as CaseState;
      const measured = measuredText(state);
      const carrier = carrierOf(state) ?? null;
      db.run('UPDATE cases SET carrier = ?, measured = ? WHERE seq = ?', carrier, measured, row.seq);
      countCase(db, { ...row, carrier, measured }, 1);
      seq = row.seq;
    }
    db.flushCounters();
    if (rows.length < pageSize) return;
  }
}
