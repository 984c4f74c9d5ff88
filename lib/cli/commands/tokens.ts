/** `reroute tokens create|list|revoke`: the token is shown once, only its hash is kept. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { type Role, roles } from '../../gateway/roles';
import { createToken, readTokens, revokeToken, type TokenRecord } from '../../gateway/tokens';
import { FatalError } from '../../model/errors';
import { scope } from '../../model/scope';
import { readEnvironment } from '../../runtime/environment';

interface CreateOptions {
  name: string;
  role: Role;
  region?: string[];
  partner?: string[];
  days?: number;
}

const dataDir = (): string => readEnvironment(process.env).dataDir;
const withoutHash = ({ sha256: _hash, ...shown }: TokenRecord) => shown;
const show = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value)}\n`);

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
    .action(({ name, role, region, partner, days: length }: CreateOptions) => {
      const now = Date.now();
      const { token, record } = createToken({
        dataDir: dataDir(),
        name,
        role,
        now,
        scope: scope.parse({ ...(region && { regions: region }), ...(partner && { partners: partner }) }),
        ...(length === undefined ? {} : { expiresAt: now + length * 24 * 3_600_000 }),
      });
      show({ token, ...withoutHash(record) });
    });
  const list = new Command('list').description('tokens without their secrets, one a line').action(() => {
    for (const record of readTokens(dataDir())) show(withoutHash(record));
  });
  const revoke = new Command('revoke')
    .description('take a token back')
    .argument('<id-or-name>')
    .action((idOrName: string) => {
      if (!revokeToken({ dataDir: dataDir(), idOrName }))
        throw new FatalError('NO_SUCH_TOKEN', `there is no token ${idOrName}`, {
          hint: 'See `reroute tokens list`.',
        });
      process.stdout.write(`${idOrName} is refused from now on\n`);
    });
  const tokens = new Command('tokens').description('API tokens');
  for (const command of [create, list, revoke]) tokens.addCommand(command.exitOverride());
  return tokens;
}
