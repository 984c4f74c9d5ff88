/** Baseline: BullMQ on Redis with appendfsync always; ingress and worker in one process, as the runtime has them. */
import { createServer } from 'node:http';
import { Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import { request } from 'undici';
import { readDelivery } from './mapping';

const [, , port, erp, redisPort] = process.argv;
const connect = () => new Redis({ host: '127.0.0.1', port: Number(redisPort), maxRetriesPerRequest: null });
const queue = new Queue('deliveries', { connection: connect() });
const worker = new Worker(
  'deliveries',
  async (job) => {
    for (const event of readDelivery(Buffer.from(String(job.data.body), 'utf8'))) {
      if (!event.exception) continue;
      const answer = await request(`${erp}/bookings`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(event),
      });
      await answer.body.dump();
    }
  },
  { connection: connect(), concurrency: 64, removeOnComplete: { count: 1000 } },
);
worker.on('error', (error) => process.stderr.write(`${String(error)}\n`));
createServer((incoming, response) => {
  const chunks: Buffer[] = [];
  incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
  incoming.on('end', () => {
    if (incoming.method === 'GET') {
      response.end('{}');
      return;
    }
    queue.add('delivery', { body: Buffer.concat(chunks).toString('utf8') }).then(
      () => response.writeHead(202, { 'content-type': 'application/json' }).end('{"ok":true}'),
      () => response.writeHead(503).end(),
    );
  });
}).listen(Number(port), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
