/** Starts the sandbox from the command line: `--port N` (default 0, a free one), `--seed N`, `--today YYYY-MM-DD`. */
import { parseArgs } from 'node:util';
import { isRerouteError } from '../lib/model/errors';
import { startSandbox } from './server';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { port: { type: 'string', default: '0' }, seed: { type: 'string' }, today: { type: 'string' } },
  });
  const number = (text: string, name: string): number => {
    if (!/^\d+$/.test(text)) throw new TypeError(`--${name} takes a whole number, not ${text}`);
    return Number(text);
  };
  const sandbox = await startSandbox({
    port: number(values.port, 'port'),
    ...(values.seed === undefined ? {} : { seed: number(values.seed, 'seed') }),
    ...(values.today === undefined ? {} : { today: values.today }),
  });
  process.stdout.write(`${JSON.stringify({ ready: true, url: sandbox.url })}\n`);
  const stop = () => void sandbox.close();
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

main().catch((error: unknown) => {
  const hint = isRerouteError(error) && error.hint ? ` ${error.hint}` : '';
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}.${hint}\n`);
  process.exitCode = error instanceof TypeError ? 2 : 1;
});
