/** Child processes that are ready when they are returned and gone when they are stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';

export interface StartOptions {
  /** A line of output that says "ready", or a question to ask until it is answered with true. */
  ready?: RegExp | (() => boolean | Promise<boolean>);
  readyTimeoutMs?: number;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** Runs as another user; only root may ask for that. */
  user?: { uid: number; gid: number };
}

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Running {
  readonly pid: number;
  /** What it wrote so far, stdout and stderr as they came. */
  output(): string;
  /** Sends a signal to this process alone. */
  kill(signal: NodeJS.Signals): void;
  /** Settles when the process is gone. */
  readonly exited: Promise<Exit>;
  /** Asks it to end and waits; after `graceMs` (5 s unless told) it is killed. */
  stop(signal?: NodeJS.Signals, graceMs?: number): Promise<Exit>;
}

/** Output beyond this many characters is cut at the front, so that a talkative server does not fill the memory. */
const KEPT_OUTPUT = 200_000;

function watchOutput(child: ChildProcess): () => string {
  let text = '';
  const keep = (chunk: Buffer): void => {
    text = (text + chunk.toString()).slice(-KEPT_OUTPUT);
  };
  child.stdout?.on('data', keep);
  child.stderr?.on('data', keep);
  return () => text;
}

function exitOf(child: ChildProcess): Promise<Exit> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
}

async function isReady(ready: StartOptions['ready'], output: string): Promise<boolean> {
  if (ready === undefined) return true;
  return ready instanceof RegExp ? ready.test(output) : ready();
}

/** Waits for the ready sign and fails at once when the process ends before it. */
async function awaitReady(running: Running, name: string, options: StartOptions): Promise<void> {
  const timeoutMs = options.readyTimeoutMs ?? 20_000;
  const deadline = Date.now() + timeoutMs;
  let ended: Exit | undefined;
  void running.exited.then((exit) => {
    ended = exit;
  });
  while (!(await isReady(options.ready, running.output()))) {
    if (ended === undefined && Date.now() <= deadline) {
      await pause(15);
      continue;
    }
    const why = ended
      ? `ended with ${ended.code ?? ended.signal}`
      : `did not get ready within ${timeoutMs} ms`;
    await running.stop('SIGKILL');
    throw new Error(`${name} ${why}:\n${running.output().slice(-4000)}`);
  }
}

/**
 * Starts a process and waits until it is ready.
 * @throws Error with the end of its output when it cannot be started, ends early or is not ready in time; nothing is left running.
 */
export async function startProcess(
  command: string,
  args: readonly string[],
  options: StartOptions = {},
): Promise<Running> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...options.user,
  });
  const output = watchOutput(child);
  const exited = exitOf(child);
  const { pid } = child;
  if (pid === undefined) throw await exited.catch((error: unknown) => error);

  const running: Running = {
    pid,
    output,
    exited,
    kill: (signal) => void child.kill(signal),
    async stop(signal = 'SIGTERM', graceMs = 5000) {
      child.kill(signal);
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      return exited.finally(() => clearTimeout(timer));
    },
  };
  await awaitReady(running, command, options);
  return running;
}
