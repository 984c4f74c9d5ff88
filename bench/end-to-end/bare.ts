/** Baseline: a bare Node server that maps and posts, with no durability at all. */
import { createServer } from 'node:http';
import { request } from 'undici';
import { readDelivery } from './mapping';

const [, , port, erp] = process.argv;
createServer((incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    response.writeHead(202, { 'content-type': 'application/json' }).end('{"ok":true}');
    for (const event of readDelivery(Buffer.concat(chunks))) {
      if (!event.exception) continue;
      request(`${erp}/bookings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      })
        .then((answer) => answer.body.dump())
        .catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    }
  });
}).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
