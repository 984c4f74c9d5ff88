/**
 * Code tables as data: a `codes.csv` beside a connector, read once, with the columns
 * `code_list,status,reason,milestone,exception,note,source`.
 *
 * `reason` empty stands for an event without a reason, `*` for any reason or none; `status` may be `*` where a reason
 * means the same under every status. The most specific row wins: (status, reason), (`*`, reason), (status, `*`).
 * A row with neither milestone nor exception is a code that is understood and changes nothing.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FatalError } from '../../model/errors';
import { type Milestone, milestones } from '../../model/fact';
import { type ExceptionCode, exceptionCodes } from '../../model/taxonomy';
import { parseCsv } from './csv';

export const codeColumns = [
  'code_list',
  'status',
  'reason',
  'milestone',
  'exception',
  'note',
  'source',
] as const;

export interface CodeRow {
  codeList: string;
  status: string;
  reason: string;
  milestone?: Milestone;
  exception?: ExceptionCode;
  /** What the vendor calls it, in our words. */
  note: string;
  /** The vendor's page or payload the row comes from. */
  source: string;
}

/** What a vendor's code means to us. `mapped` is false when it opens UNMAPPED_STATUS. */
export interface CodeMeaning {
  readonly milestone?: Milestone;
  readonly exception?: ExceptionCode;
  readonly mapped: boolean;
  readonly note: string;
}

export interface CodeTable {
  readonly rows: readonly CodeRow[];
  /**
   * Meaning of a code. An unknown status is UNMAPPED_STATUS; an unknown reason under a status we know keeps the status's
   * milestone and is UNMAPPED_STATUS too: what we do not know is shown, never guessed.
   */
  meaning(codeList: string, status: string, reason?: string): CodeMeaning;
}

const unmapped: CodeMeaning = Object.freeze({
  exception: 'UNMAPPED_STATUS',
  mapped: false,
  note: 'unknown code',
});

type Reasons = Map<string, CodeMeaning>;
type Statuses = Map<string, Reasons>;

/**
 * Reads `codes.csv` in a connector's folder (pass `__dirname`).
 * @throws FatalError CODE_TABLE_INVALID when a row names an unknown milestone or exception, or a key twice.
 */
export function loadCodes(folder: string): CodeTable {
  return codeTable(parseCodeRows(readFileSync(join(folder, 'codes.csv'), 'utf8'), folder));
}

/** Rows of a `codes.csv`, checked. `where` names the table in errors. */
export function parseCodeRows(csv: string, where: string): CodeRow[] {
  const [header, ...records] = parseCsv(csv);
  if (header?.join(',') !== codeColumns.join(','))
    throw invalid(where, `the columns must be ${codeColumns.join(',')}`);
  return records.map((record) => codeRow(record, where));
}

function codeRow(record: readonly string[], where: string): CodeRow {
  const [codeList = '', status = '', reason = '', milestone = '', exception = '', note = '', source = ''] =
    record;
  const row = `${codeList}/${status}/${reason}`;
  if (record.length !== codeColumns.length) throw invalid(where, `${row} has ${record.length} columns`);
  if (codeList === '' || status === '') throw invalid(where, `${row} has no code list or no status`);
  const knownMilestone = milestones.find((known) => known === milestone);
  const knownException = exceptionCodes.find((known) => known === exception);
  if (milestone !== '' && knownMilestone === undefined)
    throw invalid(where, `${row}: no milestone ${milestone}`);
  if (exception !== '' && knownException === undefined)
    throw invalid(where, `${row}: no exception ${exception}`);
  return {
    codeList,
    status,
    reason,
    note,
    source,
    ...(knownMilestone === undefined ? {} : { milestone: knownMilestone }),
    ...(knownException === undefined ? {} : { exception: knownException }),
  };
}

/** Compiles rows into nested maps, so that a look-up allocates nothing but for unknown reasons. */
export function codeTable(rows: readonly CodeRow[]): CodeTable {
  const lists = new Map<string, Statuses>();
  for (const row of rows) {
    const statuses = getOr(lists, row.codeList, () => new Map<string, Reasons>());
    const reasons = getOr(statuses, row.status, () => new Map<string, CodeMeaning>());
    if (reasons.has(row.reason))
      throw invalid(row.codeList, `${row.status}/${row.reason} stands there twice`);
    reasons.set(row.reason, meaningOf(row));
  }
  return { rows, meaning: (codeList, status, reason = '') => find(lists.get(codeList), status, reason) };
}

function find(statuses: Statuses | undefined, status: string, reason: string): CodeMeaning {
  if (statuses === undefined) return unmapped;
  const own = status === '*' ? undefined : statuses.get(status);
  if (reason === '') return own?.get('') ?? own?.get('*') ?? unmapped;
  if (reason === '*') return own?.get('*') ?? unknownReason(own);
  return (
    own?.get(reason) ??
    ofAnyStatus(statuses.get('*')?.get(reason), own) ??
    own?.get('*') ??
    unknownReason(own)
  );
}

/**
 * A reason that means the same under any status leaves open what the status says: how far the shipment is, or what is wrong.
 * Under a status we do not know, a reason that says nothing by itself explains nothing.
 */
function ofAnyStatus(shared: CodeMeaning | undefined, own: Reasons | undefined): CodeMeaning | undefined {
  if (shared === undefined) return undefined;
  const plain = own?.get('') ?? own?.get('*');
  if (plain === undefined) return shared.exception === undefined ? undefined : shared;
  return { ...plain, ...shared };
}

function unknownReason(own: Reasons | undefined): CodeMeaning {
  const milestone = own?.get('')?.milestone;
  return milestone === undefined ? unmapped : { ...unmapped, milestone };
}

function meaningOf({ milestone, exception, note }: CodeRow): CodeMeaning {
  return Object.freeze({
    mapped: exception !== 'UNMAPPED_STATUS',
    note,
    ...(milestone === undefined ? {} : { milestone }),
    ...(exception === undefined ? {} : { exception }),
  });
}

function getOr<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

function invalid(where: string, what: string): FatalError {
  return new FatalError('CODE_TABLE_INVALID', `code table ${where}: ${what}`, {
    hint: 'Correct the row in codes.csv.',
  });
}
