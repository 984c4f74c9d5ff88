/** An MQTT broker of the test's own. */
import { writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { onPath } from './binaries';
import { startProcess } from './process';
import { type Server, withFreePort } from './server';
import { tempDir } from './temp';

/** Started by root, the broker would become the user `mosquitto`, who cannot read the test's folder. */
const config = (port: number): string => `listener ${port} 127.0.0.1
allow_anonymous true
persistence false
user ${userInfo().username}
`;

/**
 * @see https://mosquitto.org/man/mosquitto-conf-5.html
 * @returns undefined when the machine has no mosquitto.
 */
export async function startMosquitto(): Promise<Server | undefined> {
  const binary = onPath('mosquitto');
  if (binary === undefined) return undefined;
  const folder = tempDir('mosquitto');
  return withFreePort(async (port) => {
    const file = join(folder, `${port}.conf`);
    writeFileSync(file, config(port));
    const process = await startProcess(binary, ['-c', file], { ready: /mosquitto version \S+ running/ });
    return {
      url: `mqtt://127.0.0.1:${port}`,
      port,
      process,
      stop: async () => void (await process.stop()),
    };
  });
}
