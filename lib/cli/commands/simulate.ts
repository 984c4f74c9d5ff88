/** `reroute simulate`: bounded traffic of real payloads from the sandbox's stand-in senders. */
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { FatalError } from '../../model/errors';

interface Simulation {
  target: string;
  rate: number;
  minutes: number;
  mix: Record<string, number>;
  seed: number;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
};

function parseMix(text: string): Record<string, number> {
  return Object.fromEntries(
    text.split(',').map((part) => {
      const [name, weight] = part.split('=');
      return [name ?? '', weight === undefined ? 1 : positive(weight)];
    }),
  );
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('send generated partner traffic to a runtime on this machine')
    .option('--target <url>', 'the runtime', `http://127.0.0.1:${process.env.PORT ?? 1880}`)
    .option('--rate <perSecond>', 'deliveries a second', positive, 5)
    .option('--minutes <minutes>', 'for how long, 60 at most', positive, 1)
    .option('--mix <kinds>', 'kinds with weights, e.g. short-pick=3,late=1', parseMix, {
      'short-pick': 1,
      late: 1,
    })
    .option('--seed <number>', 'same seed, same traffic', positive, 1)
    .action(async (options: Simulation) => {
      if (options.minutes > 60) throw new FatalError('TOO_LONG', 'a simulation runs for 60 minutes at most');
      const folder = join(__dirname, '..', '..', '..', 'sandbox');
      const { simulate } = (await import(join(folder, 'traffic', 'simulate.js'))) as {
        simulate(options: Simulation & { secrets: object }): Promise<unknown>;
      };
      const { sandboxSecrets } = (await import(join(folder, 'environment.js'))) as { sandboxSecrets: object };
      const result = await simulate({ ...options, secrets: sandboxSecrets });
      process.stdout.write(`${JSON.stringify(result)}\n`);
    });
}
