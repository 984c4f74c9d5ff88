/** A client that speaks HTTP/1.1 by hand, for what well-behaved clients never do. */
import { connect, type Socket } from 'node:net';

export interface RawClient {
  write(text: string): boolean;
  socket: Socket;
  /** Everything received so far. */
  received(): string;
  closed: Promise<void>;
}

export async function rawClient(port: number): Promise<RawClient> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  // A reset by a server that has had enough is one of the expected ends.
  socket.on('error', () => undefined);
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', () => resolve()));
  return { socket, closed, received: () => text, write: (data) => socket.writable && socket.write(data) };
}
