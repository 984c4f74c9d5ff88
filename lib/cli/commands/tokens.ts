/** `reroute tokens create`: the token is shown once, only its hash is kept. */
import { Command, Option } from 'commander';
import { type Role, roles } from '../../gateway/roles';
import { createToken } from '../../gateway/tokens';
import { readEnvironment } from '../../runtime/environment';

export function tokensCommand(): Command {
  const create = new Command('create')
    .description('make an API token')
    .requiredOption('--name <name>', 'who or what uses it')
    .addOption(new Option('--role <role>', 'what it may do').choices([...roles]).makeOptionMandatory())
    .action(async ({ name, role }: { name: string; role: Role }) => {
      const { dataDir } = readEnvironment(process.env);
      const { token, record } = createToken({ dataDir, name, role, now: Date.now() });
      const { sha256: _hash, ...shown } = record;
      process.stdout.write(`${JSON.stringify({ token, ...shown })}\n`);
    });
  return new Command('tokens').description('API tokens').addCommand(create.exitOverride());
}
