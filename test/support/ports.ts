/** Free TCP ports on loopback. */
import { createServer } from 'node:net';

/**
 * A port on 127.0.0.1 that was free a moment ago. Another process may still take it first, so whoever starts a server
 * on it tries again with another one (`withFreePort`).
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      probe.close(() => resolve(port));
    });
  });
}
