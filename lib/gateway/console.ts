/**
 * The operators' console: built files, read once and served from memory, so that no path of a request ever reaches the file
 * system. Names of assets hold their hash and are kept by browsers for ever; the page itself is asked for each time.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join, relative, sep } from 'node:path';
import { gzipSync } from 'node:zlib';
import { sendProblem } from './problems';

const mediaTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/**
 * Scripts come from our own files alone. Styles may stand in the page: the component library writes its variables there.
 * https://www.w3.org/TR/CSP3/
 */
export const consoleHeaders: Record<string, string> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

interface File {
  body: Buffer;
  gzipped: Buffer | undefined;
  type: string;
  etag: string;
  forever: boolean;
}

export class ConsoleFiles {
  readonly #dir: string;
  #files: Map<string, File> | undefined;

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** @param name path below `/console/` */
  send(request: IncomingMessage, response: ServerResponse, name: string): void {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      sendProblem(response, 405, 'method-not-allowed', { headers: { allow: 'GET, HEAD' } });
      return;
    }
    const file = this.#all().get(name === '' ? 'index.html' : name);
    if (!file) {
      const detail =
        name === ''
          ? 'The console has not been built: `node scripts/build.mjs` does it.'
          : 'The console has no such file. It begins at /console/.';
      sendProblem(response, 404, 'no-such-file', { detail });
      return;
    }
    sendFile(request, response, file);
  }

  #all(): Map<string, File> {
    this.#files ??= readAll(this.#dir);
    return this.#files;
  }
}

function readAll(dir: string): Map<string, File> {
  const files = new Map<string, File>();
  if (!existsSync(dir)) return files;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const type = mediaTypes[extname(entry.name)];
    if (!entry.isFile() || type === undefined) continue;
    const path = join(entry.parentPath, entry.name);
    const name = relative(dir, path).split(sep).join('/');
    const body = readFileSync(path);
    files.set(name, {
      body,
      gzipped: undefined,
      type,
      etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 27)}"`,
      forever: name.startsWith('assets/'),
    });
  }
  return files;
}

function sendFile(request: IncomingMessage, response: ServerResponse, file: File): void {
  const headers = {
    ...consoleHeaders,
    etag: file.etag,
    vary: 'accept-encoding',
    'cache-control': file.forever ? 'public, max-age=31536000, immutable' : 'no-cache',
  };
  if (request.headers['if-none-match'] === file.etag) {
    response.writeHead(304, headers).end();
    return;
  }
  const zipped =
    file.type.startsWith('image/png') || file.type.startsWith('font/') ? false : acceptsGzip(request);
  if (zipped) file.gzipped ??= gzipSync(file.body);
  const body = zipped && file.gzipped ? file.gzipped : file.body;
  response.writeHead(200, {
    ...headers,
    'content-type': file.type,
    'content-length': body.byteLength,
    ...(zipped && { 'content-encoding': 'gzip' }),
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}

const acceptsGzip = ({ headers }: IncomingMessage): boolean =>
  /(^|[\s,])gzip(\s*;\s*q=(1|0\.[0-9]*[1-9]))?\s*($|,)/.test(String(headers['accept-encoding'] ?? ''));
