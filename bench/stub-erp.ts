/** A stub ERP: counts what it is told and answers at once. `GET /count` gives the number. */
import { createServer } from 'node:http';

let count = 0;
const server = createServer((request, response) => {
  if (request.method === 'GET') {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ count }));
    return;
  }
  request.resume();
  request.on('end', () => {
    count += 1;
    response.setHeader('content-type', 'application/json');
    response.end('{"ok":true}');
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
