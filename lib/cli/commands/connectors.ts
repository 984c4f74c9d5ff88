/** `reroute connectors list`. */
import { Command } from 'commander';
import { connectors } from '../../connectors/kit/registry';

export function connectorsCommand(): Command {
  const list = new Command('list')
    .description('every connector with its operations')
    .option('--json', 'as JSON')
    .action(({ json }: { json?: boolean }) => {
      const rows = connectors.map(({ manifest, operations, inbound }) => ({
        id: manifest.id,
        title: manifest.title,
        kinds: manifest.kinds,
        apiVersion: manifest.apiVersion,
        inbound: inbound !== undefined,
        operations: operations.map(({ id, kind, safety }) => ({ id, kind, safety })),
      }));
      if (json) {
        process.stdout.write(`${JSON.stringify(rows)}\n`);
        return;
      }
      for (const row of rows) {
        process.stdout.write(
          `${row.id.padEnd(18)} ${row.title} (${row.apiVersion})${row.inbound ? ', takes deliveries' : ''}\n`,
        );
        for (const { id, kind, safety } of row.operations)
          process.stdout.write(`  ${kind.padEnd(11)} ${id.padEnd(26)} ${safety}\n`);
      }
    });
  return new Command('connectors').description('what connectors there are').addCommand(list.exitOverride());
}
