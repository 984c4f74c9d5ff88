import { ledgerConformance } from '../../lib/ledger/conformance';
import { type PostgresServer, startPostgres } from '../support';
import { need } from '../support/need';
import { PostgresHarness } from './postgres-harness';

describe('PostgreSQL ledger', () => {
  let server: PostgresServer | undefined;
  const harness = new PostgresHarness(() => server?.url ?? '');

  before(async function () {
    this.timeout(60_000);
    server = need(this, 'postgres', await startPostgres());
  });
  after(async () => {
    await harness.close();
    await server?.stop();
  });

  ledgerConformance(harness);
});
