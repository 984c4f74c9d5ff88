/** `reroute simulate`: bounded traffic of real payloads from the sandbox's stand-in senders. */
import { join } from 'node:path';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { FatalError, isRerouteError } from '../../model/errors';

interface Simulation {
  target: string;
  rate: number;
  minutes: number;
  mix: string;
  seed: number;
}

const positive = (text: string): number => {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
};

export function simulateCommand(): Command {
  return new Command('simulate')
    .description('send generated partner traffic to a runtime on this machine')
    .option('--target <url>', 'the runtime', `http://127.0.0.1:${process.env.PORT ?? 1880}`)
    .option('--rate <perSecond>', 'deliveries a second', positive, 5)
    .option('--minutes <minutes>', 'for how long, 60 at most', positive, 1)
    .option('--mix <kinds>', 'kinds with weights, e.g. short-pick=3,late=1', 'short-pick=1,late=1')
    .option('--seed <number>', 'same seed, same traffic', positive, 1)
    .action(async (options: Simulation) => {
      if (options.minutes > 60) throw new FatalError('TOO_LONG', 'a simulation runs for 60 minutes at most');
      const folder = join(__dirname, '..', '..', '..', 'sandbox');
      const { simulate } = (await import(join(folder, 'traffic', 'simulate.js'))) as {
        simulate(options: Omit<Simulation, 'mix'> & { mix: object; secrets: object }): Promise<unknown>;
      };
      const { parseMix } = (await import(join(folder, 'traffic', 'scenarios.js'))) as {
        parseMix(text: string): object;
      };
      const { sandboxSecrets } = (await import(join(folder, 'environment.js'))) as { sandboxSecrets: object };
      const mix = readMix(options.mix, parseMix);
      const result = await simulate({ ...options, mix, secrets: sandboxSecrets });
      process.stdout.write(`${JSON.stringify(result)}\n`);
    });
}

/** A mix that cannot be read is a fault of usage: exit code 2. */
function readMix(text: string, parse: (text: string) => object): object {
  try {
    return parse(text);
  } catch (error) {
    if (!isRerouteError(error)) throw error;
    process.stderr.write(`reroute: ${error.message}${error.hint ? `\n  ${error.hint}` : ''}\n`);
    throw new CommanderError(2, error.code, error.message);
  }
}
