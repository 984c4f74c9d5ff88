import { ledgerConformance } from '../../lib/ledger/conformance';
import { SqliteHarness } from './sqlite-harness';

describe('SQLite ledger', () => {
  ledgerConformance(new SqliteHarness());
});
