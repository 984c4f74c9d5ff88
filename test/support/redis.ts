/** A Redis of the test's own. */
import { onPath } from './binaries';
import { startProcess } from './process';
import { type Server, withFreePort } from './server';
import { tempDir } from './temp';

export interface RedisOptions {
  /** When given, every write goes to the append-only file with this policy; without it Redis keeps nothing. */
  appendfsync?: 'always' | 'everysec' | 'no';
  /** The folder of an earlier server, to start again on what it kept. */
  folder?: string;
}

/** @returns undefined when the machine has no redis-server. */
export async function startRedis({
  appendfsync,
  folder = tempDir('redis'),
}: RedisOptions = {}): Promise<Server | undefined> {
  const binary = onPath('redis-server');
  if (binary === undefined) return undefined;
  const durable = appendfsync
    ? ['--appendonly', 'yes', '--appendfsync', appendfsync]
    : ['--appendonly', 'no'];
  return withFreePort(async (port) => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...durable];
    const process = await startProcess(binary, args, { ready: /Ready to accept connections/ });
    return {
      url: `redis://127.0.0.1:${port}`,
      port,
      process,
      stop: async () => void (await process.stop()),
    };
  });
}
