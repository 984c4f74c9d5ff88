/** `reroute normalize`: facts as NDJSON (CloudEvents, structured) on stdout, rejects with their reasons on stderr. */
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { Command } from 'commander';
import { z } from 'zod';
import type { Connector } from '../../connectors/kit/connector';
import { connectorById, connectors } from '../../connectors/kit/registry';
import { identified } from '../../engine/facts/identity';
import { FatalError } from '../../model/errors';
import { sha256Hex } from '../../model/keys';
import { toWire } from '../../model/wire';

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
    .option('--partner <id>', 'partner that the facts are said to come from; the connector when absent')
    .option('--settings <json>', 'settings of the partner, as JSON', '{}')
    .argument('<files...>', 'payloads')
    .action(async (files: string[], options: Options) => {
      for (const file of files) await normalizeFile(file, options);
    });
}

interface Options {
  connector: string;
  partner?: string;
  settings: string;
}

async function normalizeFile(file: string, options: Options): Promise<void> {
  const connector = connectorById(options.connector);
  if (!connector?.inbound)
    throw new FatalError('NO_MAPPING', `there is no connector ${options.connector} that maps payloads`, {
      hint: 'See reroute connectors list.',
    });
  const body = await readFile(file);
  const headers = { 'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream' };
  const receivedAt = Date.now();
  const { facts, reports } = connector.inbound.normalize(
    { headers, body },
    { receivedAt, settings: settingsOf(connector, options.settings), manifest: connector.manifest },
  );
  const sha256 = sha256Hex(body);
  for (const draft of facts) {
    const fact = identified(draft, {
      tenant: 'default',
      system: connector.manifest.id,
      partner: options.partner ?? connector.manifest.id,
      correlationId: sha256,
      causationId: sha256,
      recordedAt: receivedAt,
    });
    process.stdout.write(`${JSON.stringify(toWire(fact))}\n`);
  }
  for (const report of reports)
    process.stderr.write(
      `${file}${report.at ? ` at ${report.at}` : ''}: ${report.kind} ${report.code}: ${report.message}\n`,
    );
}

/** @throws FatalError SETTINGS_INVALID */
function settingsOf({ manifest }: Connector, text: string): Record<string, unknown> {
  try {
    return manifest.settings.parse(JSON.parse(text));
  } catch (cause) {
    const words = cause instanceof z.ZodError ? z.prettifyError(cause) : 'it is no JSON';
    throw new FatalError('SETTINGS_INVALID', `the settings do not fit ${manifest.title}: ${words}`, {
      hint: `See docs/connectors.md for the settings of ${manifest.id}.`,
      cause,
    });
  }
}
