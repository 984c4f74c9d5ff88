/** What cases, payloads, attempts and effects add to the sums of the console. */
import { hourOf, measureDims, type Tally } from '../../../model/measures';
import type { Database } from '../database';

/** The fields of a case that its sums are kept by. */
export interface CountedCase {
  open: number;
  status: string;
  severity: string;
  code: string;
  partner: string | null;
  region: string | null;
  warehouse: string | null;
  carrier: string | null;
  /** JSON list of `[name, slot, bucket]`. */
  measured: string;
}

/** Adds (`sign` 1) or takes back (-1) everything that a case counts in. */
export function countCase(db: Database, row: CountedCase, sign: 1 | -1): void {
  const { open, status, severity, code } = row;
  if (open) {
    db.count('cases', JSON.stringify([status, code, severity]), sign);
    tallyDims(db, row, { name: 'open', slot: 0, bucket: 0 }, sign);
  }
  for (const [name, slot, bucket] of JSON.parse(row.measured) as [string, number, number][])
    tallyDims(db, row, { name, slot, bucket }, sign);
}

function tallyDims(db: Database, row: CountedCase, { name, slot, bucket }: Tally, sign: 1 | -1): void {
  db.tally('measures', [name, '', slot, '', bucket], sign);
  for (const dim of measureDims) db.tally('measures', [name, dim, slot, row[dim] ?? '', bucket], sign);
}

/** Counts something that flows through, over everything and by partner. */
export function countFlow(
  db: Database,
  name: string,
  at: number,
  partner: string | null | undefined,
  bucket = 0,
): void {
  const slot = hourOf(at);
  db.tally('measures', [name, '', slot, '', bucket], 1);
  if (partner) db.tally('measures', [name, 'partner', slot, partner, bucket], 1);
}
