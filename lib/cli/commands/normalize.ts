/** `reroute normalize`: facts as NDJSON on stdout, rejects with their reasons on stderr. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Command } from 'commander';
import { connectorById, connectors } from '../../connectors/kit/registry';
import { FatalError } from '../../model/errors';

const mediaTypes: Record<string, string> = {
  '.json': 'application/json',
  '.xml': 'application/xml',
  '.edi': 'application/edi',
  '.csv': 'text/csv',
};

export function normalizeCommand(): Command {
  return new Command('normalize')
    .description('map payload files to facts with a connector')
    .requiredOption('--connector <id>', `one of: ${connectors.map(({ manifest }) => manifest.id).join(', ')}`)
    .option('--settings <json>', 'settings of the partner, as JSON', '{}')
    .argument('<files...>', 'payloads')
    .action(async (files: string[], options: { connector: string; settings: string }) => {
      for (const file of files) await normalizeFile(file, options);
    });
}

async function normalizeFile(file: string, options: { connector: string; settings: string }): Promise<void> {
  const connector = connectorById(options.connector);
  if (!connector?.inbound)
    throw new FatalError('NO_MAPPING', `there is no connector ${options.connector} that maps payloads`, {
      hint: 'See reroute connectors list.',
    });
  const body = await readFile(file);
  const headers = { 'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream' };
  const settings = connector.manifest.settings.parse(JSON.parse(options.settings));
  const { facts, reports } = connector.inbound.normalize(
    { headers, body },
    { receivedAt: Date.now(), settings, manifest: connector.manifest },
  );
  for (const fact of facts) process.stdout.write(`${JSON.stringify(fact)}\n`);
  for (const report of reports)
    process.stderr.write(
      `${file}${report.at ? ` at ${report.at}` : ''}: ${report.kind} ${report.code}: ${report.message}\n`,
    );
}
