/** A reverse proxy that serves another server below a path, as a company's front door does. */
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Prefixed {
  /** Its address with the prefix, no slash at the end. */
  url: string;
  close(): Promise<void>;
}

export async function servedBelow(prefix: string, target: string): Promise<Prefixed> {
  const { hostname, port } = new URL(target);
  const server: Server = createServer((incoming, answer) => {
    const { url = '/', method, headers } = incoming;
    if (!url.startsWith(`${prefix}/`)) {
      answer.writeHead(404).end();
      return;
    }
    const onward = request(
      { hostname, port, method, headers, path: url.slice(prefix.length) },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(answer);
      },
    );
    onward.on('error', () => answer.destroy());
    answer.on('close', () => onward.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port: own } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${own}${prefix}`,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
