import { parse } from 'csv-parse/sync';
import { sha256Hex } from '../../model/keys';
import type { Inbound, InboundRequest, NormalizeContext, NormalizeResult } from '../kit/connector';
import { EdiCollector } from '../kit/edi/collector';
import { decodeBytes } from '../kit/edi/text';
import { notAFact, reject, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Columns, columnsOf, rowOf } from './fields';
import { type CsvSettings, manifest } from './manifest';
import { factOfRow, RowFault } from './row';

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  const settings = manifest.settings.safeParse(context.settings);
  if (!settings.success) return rejected('MAPPING_INVALID', "the partner's mapping of columns is not valid");
  const reader = new FileReader(settings.data as CsvSettings, context);
  const text = decodeBytes(body, reader.settings.charset);
  if (text === undefined) return rejected('CHARSET', `the bytes do not fit ${reader.settings.charset}`);
  return reader.read(text);
}

/** A file with more bad rows than this is another file than the mapping is for. */
const mostFaults = 10_000;

/** Reads record by record; nothing but the facts is kept. */
class FileReader {
  private readonly collector = new EdiCollector();
  private columns: Columns | undefined;
  /** The header does not fit: every row would fail for the same reason. */
  private unfit = false;
  private rows = 0;
  private faults = 0;

  constructor(
    readonly settings: CsvSettings,
    private readonly context: NormalizeContext,
  ) {
    if (!settings.headerRow) this.open(undefined, 1);
  }

  read(text: string): NormalizeResult {
    const { delimiter, quote } = this.settings;
    parse(text, {
      delimiter,
      quote,
      escape: quote,
      bom: true,
      relax_column_count: true,
      // One odd quote spoils its own field, not the rows behind it.
      relax_quotes: true,
      skip_empty_lines: true,
      skip_records_with_error: true,
      max_record_size: 1_000_000,
      on_record: (record: string[], { lines }) => {
        this.take(record, lines);
        return null;
      },
      on_skip: (error) => {
        const message = (error?.message ?? 'unreadable').slice(0, 200);
        this.collector.report(reject('CSV_INVALID', message, `line ${error?.lines ?? '?'}`));
        return undefined;
      },
    });
    if (this.rows === 0 && !this.unfit) this.collector.report(notAFact('NO_ROWS', 'a file without rows'));
    return this.collector.result();
  }

  private take(record: readonly string[], line: number): void {
    if (this.unfit || this.faults >= mostFaults) return;
    if (this.columns === undefined) this.open(record, line);
    else this.row(record, this.columns, line);
  }

  private open(header: readonly string[] | undefined, line: number): void {
    const found = columnsOf(header, this.settings.columns);
    if ('missing' in found) {
      const names = found.missing.slice(0, 20).join(', ').slice(0, 300);
      this.refuse(`the columns ${names} are missing`, line);
    } else if (found.columns.size === 0) this.refuse('no column is mapped to a field', line);
    else this.columns = found.columns;
  }

  private unfitFrom(line: number): void {
    const message = `the rows behind line ${line} were not read`;
    this.collector.conclude(reject('ROWS_NOT_READ', message, `line ${line}`));
  }

  private refuse(why: string, line: number): void {
    this.unfit = true;
    this.collector.report(reject('HEADER_MISMATCH', why, `line ${line}`));
  }

  private row(record: readonly string[], columns: Columns, line: number): void {
    this.rows++;
    try {
      this.collector.add([factOfRow(rowOf(record, columns), this.settings, this.context)]);
    } catch (error) {
      if (!(error instanceof RowFault)) throw error;
      this.faults++;
      this.collector.report(reject(error.code, error.message, `line ${line}`));
      if (this.faults === mostFaults) this.unfitFrom(line);
    }
  }
}

export const inbound: Inbound = {
  verify: (request, secrets) => verifyToken(bearerOf(request.headers), secrets('inboundToken')),
  // A file has neither number nor sender: the same bytes are the same file, and its rows have keys of their own.
  identify: ({ body }) => ({ dedupKey: sha256Hex(body) }),
  normalize: (request, context) => totally(() => normalize(request, context)),
};
