/** `reroute flows capsule RUN_ID`: a recorded run of a running runtime as a flow test, on standard output. */
import { Command } from 'commander';
import { call, type RuntimeOptions, runtimeOptions } from '../../client';

interface Options extends RuntimeOptions {
  json?: boolean;
}

export function flowsCapsuleCommand(): Command {
  return runtimeOptions(new Command('capsule'))
    .description('a recorded run as a flow test without persons in it')
    .argument('<run>', 'id of a run')
    .option('--json', 'as JSON')
    .action(async (run: string, options: Options) => {
      const { test, text } = await call(options, 'POST', `/runs/${encodeURIComponent(run)}/capsule`);
      process.stdout.write(options.json ? `${JSON.stringify(test)}\n` : String(text));
    });
}
