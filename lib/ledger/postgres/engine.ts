/**
 * The PostgreSQL ledger: the operations of the SQLite engine on a server that several processes share. Each process has two
 * connections, one that writes and one for long questions. Start reading at `database.ts` and `dialect.ts`.
 */
import { join } from 'node:path';
import { FatalError } from '../../model/errors';
import type { Ledger } from '../port';
import { Channel } from '../sqlite/channel';
import type { ReaderOperations, WriterOperations } from '../sqlite/operations';
import { stores } from '../sqlite/port';
import type { ThreadOptions } from './thread';
import type { ConnectionOptions } from './wire';

export interface PostgresOptions {
  /** Number of partitions of a new ledger; must be the stored one where it is given for one that exists. */
  partitions?: number | undefined;
}

const limits = { statementTimeoutMs: 30_000, idleTransactionMs: 3_000, connectTimeoutMs: 5_000 };

/**
 * @param url `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; `?schema=NAME` keeps the ledger in another schema than `reroute`
 * @throws FatalError LEDGER_URL, LEDGER_NEWER or LEDGER_PARTITIONS; RetryableError LEDGER_UNAVAILABLE when the server does not answer
 */
export async function openPostgresLedger(url: string, options: PostgresOptions = {}): Promise<Ledger> {
  const connection: ConnectionOptions = { ...addressOf(url), ...limits };
  const now = Date.now();
  const { channel: writer, partitions } = await openThread<WriterOperations>({
    connection,
    role: 'writer',
    partitions: options.partitions,
    now,
  });
  const reader = await openThread<ReaderOperations>({ connection, role: 'reader', partitions, now }).catch(
    async (error: unknown) => {
      await writer.close();
      throw error;
    },
  );
  return {
    partitions,
    capabilities: { sharedBetweenProcesses: true, onlineBackup: false },
    ...stores({ writer, reader: reader.channel }, partitions),
    ready: () => writer.call('ready'),
    async close() {
      await Promise.all([writer.close(), reader.channel.close()]);
    },
  };
}

function openThread<Table extends WriterOperations | ReaderOperations>(
  options: ThreadOptions,
): Promise<{ channel: Channel<Table>; partitions: number }> {
  return Channel.open<Table, ThreadOptions>(options, join(__dirname, 'thread.js'));
}

function addressOf(text: string): { url: string; schema: string } {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const schema = url?.searchParams.get('schema') ?? 'reroute';
  if (url === undefined || !/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new FatalError('LEDGER_URL', 'DATABASE_URL names no PostgreSQL ledger', {
      hint: 'Give postgres://USER:PASSWORD@HOST:5432/DATABASE; a schema is lower-case letters, digits and _.',
    });
  }
  url.searchParams.delete('schema');
  return { url: url.href, schema };
}
