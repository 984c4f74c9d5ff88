/** A provider that does what a pact says, for Pact's own verifier: it is told the state before each interaction. */
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { textIn } from './core';
import type { HttpInteraction, MessageInteraction, Pact } from './pact';

export const statePath = '/_pact/state';
export const messagePath = '/_pact/messages';

export interface StandIn {
  url: string;
  port: number;
  /** Descriptions that the verifier has asked for. */
  asked: string[];
  close(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

interface Reply {
  status: number;
  headers?: Record<string, string[]>;
  text?: string;
}

function answerOf({ response }: HttpInteraction): Reply {
  const { status, headers = {}, body } = response;
  return { status, headers, ...(body === undefined ? {} : { text: textIn(body) }) };
}

function messageReply({ contents, metadata }: MessageInteraction): Reply {
  const encoded = Buffer.from(JSON.stringify(metadata)).toString('base64');
  const headers = { 'content-type': [contents.contentType], 'pact-message-metadata': [encoded] };
  return { status: 200, headers, text: textIn(contents) };
}

export async function openStandIn(pact: Pact): Promise<StandIn> {
  let state = '';
  const asked: string[] = [];
  const find = (type: string, name: string) =>
    pact.interactions.find((one) => one.type === type && one.description === name);

  const reply = (path: string, body: string): Reply => {
    if (path === statePath) {
      state = (JSON.parse(body) as { state: string }).state;
      return { status: 200 };
    }
    const isMessage = path === messagePath;
    const name = isMessage ? (JSON.parse(body) as { description: string }).description : state;
    const found = find(isMessage ? 'Asynchronous/Messages' : 'Synchronous/HTTP', name);
    if (found === undefined) return { status: 599, text: `no interaction ${name}` };
    asked.push(name);
    return found.type === 'Synchronous/HTTP' ? answerOf(found) : messageReply(found);
  };

  const server: Server = createServer(async (request, response) => {
    const path = new URL(request.url ?? '/', 'http://stand-in').pathname;
    const { status, headers = {}, text } = reply(path, await bodyOf(request));
    response.writeHead(status, headers);
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}`, port, asked, close };
}
