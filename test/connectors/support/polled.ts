/** A partner that a poller asks: answers in the order of the calls, and what was asked for. */
import type { CallContext } from '../../../lib/connectors/kit/connector';
import { Tokens } from '../../../lib/engine/partners/tokens';
import { noFiles, noMail } from '../../../lib/engine/partners/transports';

export interface Answer {
  status: number;
  json?: unknown;
  headers?: Record<string, string>;
}

/** When the poller is called. */
export const now = Date.UTC(2026, 2, 2, 8);
export const since = Date.UTC(2026, 2, 1);

/**
 * @param answer the answer to a path with its escapes undone; what it does not know is 404
 */
export function partnerOf(
  answer: (path: string, json: unknown) => Answer | undefined,
  settings: Record<string, unknown> = {},
): { call: CallContext; asked: string[] } {
  const asked: string[] = [];
  const call: CallContext = {
    http: async ({ path, json: sent }) => {
      const plain = decodeURIComponent(path);
      asked.push(plain);
      const { status, json, headers = {} } = answer(plain, sent) ?? { status: 404 };
      const text = json === undefined ? '' : JSON.stringify(json);
      return {
        status,
        headers,
        body: Buffer.from(text),
        text: () => text,
        json: () => (text === '' ? undefined : JSON.parse(text)),
      };
    },
    files: noFiles,
    mail: noMail,
    tokens: new Tokens(() => 0),
    secrets: () => ['s'],
    settings,
    idempotencyKey: 'ab'.repeat(32),
    correlationId: 'c',
    now,
  };
  return { call, asked };
}
