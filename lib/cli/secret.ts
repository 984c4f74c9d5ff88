/** Reads a secret without showing it; from a pipe, the first line. Never from the arguments, which every process on the machine can see. */
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { FatalError } from '../model/errors';

/** @throws FatalError NO_SECRET when the input ends before a line */
export async function readSecret(prompt: string): Promise<string> {
  const { stdin, stderr } = process;
  const terminal = stdin.isTTY === true;
  if (terminal) stderr.write(prompt);
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: silent, terminal });
  try {
    for await (const line of lines) if (line !== '') return line;
  } finally {
    lines.close();
    if (terminal) stderr.write('\n');
  }
  throw new FatalError('NO_SECRET', 'no password was given', { hint: 'Type it, or pipe it in as one line.' });
}
