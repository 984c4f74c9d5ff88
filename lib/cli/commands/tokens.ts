/** `reroute tokens create|list|revoke`: the token is shown once, only its hash is kept, and the audit says who made it. */
import { userInfo } from 'node:os';
import { Command, InvalidArgumentError, Option } from 'commander';
import { v7 as uuidv7 } from 'uuid';
import { type Role, roles } from '../../gateway/roles';
import { createToken, readTokens, revokeToken, type TokenRecord } from '../../gateway/tokens';
import { openLedger } from '../../ledger/open';
import type { AuditSeed } from '../../ledger/operators';
import { FatalError } from '../../model/errors';
import { scope } from '../../model/scope';
import { readEnvironment } from '../../runtime/environment';

interface CreateOptions {
  name: string;
  role: Role;
  region?: string[];
  partner?: string[];
  days?: number;
  reason: string;
}

const dataDir = (): string => readEnvironment(process.env).dataDir;
const withoutHash = ({ sha256: _hash, ...shown }: TokenRecord) => shown;
const show = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

/** Written first: a token that nobody knows of must not exist. */
async function audited(
  entry: Pick<AuditSeed, 'action' | 'subject' | 'reason' | 'before' | 'after'>,
): Promise<void> {
  const ledger = await openLedger(readEnvironment(process.env).databaseUrl);
  try {
    const actor = `cli:${userInfo().username}`;
    await ledger.appendAudit(0, [{ id: uuidv7(), at: Date.now(), actor, outcome: 'done', ...entry }]);
  } finally {
    await ledger.close();
  }
}

function days(text: string): number {
  const value = Number(text);
  if (Number.isFinite(value) && value > 0 && value <= 3_650) return value;
  throw new InvalidArgumentError('give 1 to 3650 days');
}

export function tokensCommand(): Command {
  const create = new Command('create')
    .description('make an API token')
    .requiredOption('--name <name>', 'who or what uses it')
    .addOption(new Option('--role <role>', 'what it may do').choices([...roles]).makeOptionMandatory())
    .option('--region <region...>', 'limit to regions (ISO 3166)')
    .option('--partner <id...>', 'limit to partners')
    .option('--days <days>', 'ends after so many days', days)
    .option('--reason <text>', 'why, for the audit trail', 'made at the command line')
    .action(async ({ name, role, region, partner, days: length, reason }: CreateOptions) => {
      const now = Date.now();
      const limits = scope.parse({
        ...(region && { regions: region }),
        ...(partner && { partners: partner }),
      });
      const expiresAt = length === undefined ? undefined : now + length * 24 * 3_600_000;
      if (readTokens(dataDir()).every((record) => record.name !== name)) {
        const after = { role, scope: limits, expiresAt: expiresAt ?? null };
        await audited({ action: 'token.create', subject: `token:${name}`, reason, after });
      }
      const { token, record } = createToken({
        dataDir: dataDir(),
        name,
        role,
        now,
        scope: limits,
        createdBy: `cli:${userInfo().username}`,
        ...(expiresAt === undefined ? {} : { expiresAt }),
      });
      show({ token, ...withoutHash(record) });
    });
  const list = new Command('list').description('tokens without their secrets, one a line').action(() => {
    for (const record of readTokens(dataDir())) show(withoutHash(record));
  });
  const revoke = new Command('revoke')
    .description('take a token back')
    .argument('<id-or-name>', 'of the token')
    .option('--reason <text>', 'why, for the audit trail', 'taken back at the command line')
    .action(async (idOrName: string, { reason }: { reason: string }) => {
      const record = readTokens(dataDir()).find((one) => one.id === idOrName || one.name === idOrName);
      if (!record || !revokeToken({ dataDir: dataDir(), idOrName: record.id }))
        throw new FatalError('NO_SUCH_TOKEN', `there is no token ${idOrName}`, {
          hint: 'See `reroute tokens list`.',
        });
      const before = { role: record.role, scope: record.scope ?? null };
      await audited({ action: 'token.revoke', subject: `token:${record.name}`, reason, before });
      process.stdout.write(`${idOrName} is refused from now on\n`);
    });
  const tokens = new Command('tokens').description('API tokens');
  for (const command of [create, list, revoke]) tokens.addCommand(command.exitOverride());
  return tokens;
}
