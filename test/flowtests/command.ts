/** Programs in processes of their own: Node-RED is one at a time, and other tests have theirs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestReport } from '../../lib/flowtests/run';
import { root } from '../support';

export const command = join(__dirname, '..', '..', 'lib', 'cli', 'main.js');

/** What a program prints; its errors go where the test's go. */
export async function printed(program: string, args: string[], env = process.env): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(child, 'close');
  return text;
}

export async function flowsTest(...args: string[]): Promise<TestReport> {
  return JSON.parse(await printed(command, ['flows', 'test', '--json', ...args])) as TestReport;
}
