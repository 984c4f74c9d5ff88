/** `reroute start`: the runtime with its sandbox, until a signal ends it. */
import { join } from 'node:path';
import { Command } from 'commander';
import { developmentToken, type Environment, readEnvironment } from '../../runtime/environment';
import { type Runtime, startRuntime } from '../../runtime/start';
import { watchStrayErrors } from '../../runtime/stray';

interface Sandbox {
  url: string;
  close(): Promise<void>;
}

export function startCommand(): Command {
  return new Command('start')
    .description('start the runtime: ledger, gateway, flows and, outside production, the sandbox partners')
    .action(async () => {
      const environment = readEnvironment(process.env);
      const sandbox = environment.sandbox ? await startSandboxPartners() : undefined;
      const runtime = await startRuntime(environment);
      const stop = () => {
        runtime
          .stop()
          .then(() => sandbox?.close())
          .then(
            () => process.exit(0),
            (error: unknown) => {
              process.stderr.write(`reroute: could not stop cleanly: ${String(error)}\n`);
              process.exit(1);
            },
          );
      };
      watchStrayErrors(runtime.engine, runtime.log, () => process.exit(1));
      process.once('SIGTERM', stop);
      process.once('SIGINT', stop);
      // Last: who reads that it is ready may stop it at once.
      announce(environment, runtime, sandbox);
    });
}

/**
 * The stand-in partners, in this process, unless the variables that the starter flows read point at real ones already.
 * Loaded by path: the runtime does not know the sandbox.
 */
async function startSandboxPartners(): Promise<Sandbox> {
  const folder = join(__dirname, '..', '..', '..', 'sandbox');
  const { startSandbox } = (await import(join(folder, 'server.js'))) as {
    startSandbox(options: { port: number }): Promise<Sandbox>;
  };
  const { sandboxEnvironment } = (await import(join(folder, 'environment.js'))) as {
    sandboxEnvironment(url: string): Record<string, string>;
  };
  const sandbox = await startSandbox({ port: 0 });
  for (const [name, value] of Object.entries(sandboxEnvironment(sandbox.url))) process.env[name] ??= value;
  return sandbox;
}

function announce(environment: Environment, { url, setupCode }: Runtime, sandbox: Sandbox | undefined): void {
  const known = environment.adminToken === undefined && !environment.production;
  const token = known ? developmentToken : '$REROUTE_ADMIN_TOKEN';
  const lines = [
    '',
    `Reroute is ready.`,
    `  console  ${url}/console/`,
    `  editor   ${url}/editor/   ${editorHint(environment, known)}`,
    `  API      ${url}/api/v1/openapi.json`,
    ...(sandbox ? [`  sandbox  ${sandbox.url}   (stand-in partners; their book: ${sandbox.url}/_book)`] : []),
    ...(setupCode === undefined
      ? []
      : [`  set-up   ${url}/setup/   (makes the first administrator; code ${setupCode}, valid until then)`]),
    '',
    'Try it:',
    ...(sandbox
      ? [`  npx reroute simulate --target ${url} --rate 5 --minutes 0.2 --mix short-pick=1,late=1`]
      : []),
    ...(known || environment.adminToken !== undefined
      ? [`  curl -H 'authorization: Bearer ${token}' ${url}/api/v1/cases`]
      : [`  curl ${url}/readyz`]),
    '',
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function editorHint({ adminToken }: Environment, known: boolean): string {
  if (adminToken === undefined && !known) return '(sign in with your name and password)';
  return `(user admin, password: the admin token${known ? ` ${developmentToken}` : ''})`;
}
