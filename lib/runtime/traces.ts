/** Traces as the environment asks for them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openTraces, type Traces } from '../telemetry/traces';
import type { Environment } from './environment';

const manifest = z.object({ version: z.string() });

/** Undefined without a collector: nothing is loaded and nothing is made. */
export function tracesOf({ traceEndpoint }: Environment, instance: string): Traces | undefined {
  if (traceEndpoint === undefined) return undefined;
  const file = join(__dirname, '..', '..', '..', 'package.json');
  const { version } = manifest.parse(JSON.parse(readFileSync(file, 'utf8')));
  return openTraces({ endpoint: traceEndpoint, serviceVersion: version, instance });
}
