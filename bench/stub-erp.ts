/** A stub ERP: counts the bookings it is told and confirms each at once. `GET` gives the number. */
import { createServer } from 'node:http';

let count = 0;
const confirmed = JSON.stringify({ id: 'B-1', reference: 'R-1', state: 'CONFIRMED', carrier: 'fedex' });
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
    response.end(confirmed);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(Number(process.argv[2]), '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
