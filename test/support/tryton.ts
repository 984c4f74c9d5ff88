/** A Tryton server of the test's own, with the sale and stock modules on SQLite. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onPath } from './binaries';
import { startProcess } from './process';
import { type Server, withFreePort } from './server';
import { tempDir } from './temp';

export const trytonDatabase = 'test';
export const trytonPassword = 'a-password-of-the-test';

/** Tryton checks every record of its own modules while it installs them; leaving that out halves the time. */
const install = `
import sys
from trytond.model.modelstorage import ModelStorage
ModelStorage._validate = classmethod(lambda cls, *args, **kwargs: None)
program = sys.argv[1]
sys.argv = [program] + sys.argv[2:]
exec(compile(open(program).read(), program, 'exec'))
`;

const config = (folder: string, port: number): string => `[database]
uri = sqlite://
path = ${folder}
[web]
listen = 127.0.0.1:${port}
`;

/** The interpreter that the distribution's Tryton is installed for; another python3 may come first on the PATH. */
function pythonOf(program: string): string {
  return /^#!\s*(\S+)/.exec(readFileSync(program, 'utf8'))?.[1] ?? 'python3';
}

/**
 * @see https://docs.tryton.org/projects/server/en/6.0/topics/setup_database.html
 * @returns undefined when the machine has no trytond or not the sale module
 */
export async function startTryton(): Promise<Server | undefined> {
  const [server, admin] = [onPath('trytond'), onPath('trytond-admin')];
  if (server === undefined || admin === undefined) return undefined;
  if (!(await hasSales(admin))) return undefined;
  const folder = tempDir('tryton');
  await createDatabase(folder, admin);
  return withFreePort(async (port) => {
    const file = join(folder, `${port}.conf`);
    writeFileSync(file, config(folder, port));
    const url = `http://127.0.0.1:${port}`;
    const process = await startProcess(server, ['-c', file], {
      ready: () => answers(url),
      readyTimeoutMs: 60_000,
    });
    return { url, port, process, stop: async () => void (await process.stop()) };
  });
}

/** The server may be installed without the modules. */
async function hasSales(admin: string): Promise<boolean> {
  const process = await startProcess(pythonOf(admin), ['-c', 'import trytond.modules.sale']);
  return (await process.exited).code === 0;
}

async function createDatabase(folder: string, admin: string): Promise<void> {
  const [file, passwordFile, script] = ['admin.conf', 'password', 'install.py'].map((name) =>
    join(folder, name),
  );
  writeFileSync(file ?? '', config(folder, 0));
  writeFileSync(passwordFile ?? '', trytonPassword);
  writeFileSync(script ?? '', install);
  writeFileSync(join(folder, `${trytonDatabase}.sqlite`), '');
  const args = ['-c', file, '-d', trytonDatabase, '-u', 'sale', '--activate-dependencies'];
  const process = await startProcess(
    pythonOf(admin),
    [script ?? '', admin, ...args.map(String), '--email', 'admin@example.com'],
    { env: { ...globalThis.process.env, TRYTONPASSFILE: passwordFile } },
  );
  const { code } = await process.exited;
  if (code !== 0) throw new Error(`trytond-admin ended with ${code}:\n${process.output().slice(-4000)}`);
}

async function answers(url: string): Promise<boolean> {
  try {
    const asked = { id: 1, method: 'common.server.version', params: [] };
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${url}/`, { method: 'POST', headers, body: JSON.stringify(asked) })).ok;
  } catch {
    return false;
  }
}
