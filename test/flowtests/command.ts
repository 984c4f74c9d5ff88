/** `reroute flows test` in a process of its own: Node-RED is one at a time, and other tests have theirs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { TestReport } from '../../lib/flowtests/run';
import { root } from '../support';

export const command = join(__dirname, '..', '..', 'lib', 'cli', 'main.js');

export async function flowsTest(...args: string[]): Promise<TestReport> {
  const child = spawn(process.execPath, [command, 'flows', 'test', '--json', ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let printed = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  await once(child, 'close');
  return JSON.parse(printed) as TestReport;
}
