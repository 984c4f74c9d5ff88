/** A bounded, JSON-safe picture of a message for dead letters, traces and parked messages. */
import { FatalError } from '../model/errors';

const secretName =
  /^(authorization|cookie|set-cookie|password|secret|api[-_]?key|access[-_]?token|x-.*signature)$/i;
const maxDepth = 32;

/** Copies plain data; cycles, functions, streams and sockets become a word in brackets, secrets a mark. */
function plain(value: unknown, depth: number, seen: Set<object>): unknown {
  if (value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return value === undefined ? undefined : `[${typeof value}]`;
  if (seen.has(value)) return '[circular]';
  if (depth > maxDepth) return '[too deep]';
  if (value instanceof Uint8Array) return { bytes: value.byteLength };
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Error) return { name: value.name, message: value.message };
  seen.add(value);
  const copy = Array.isArray(value)
    ? value.map((entry) => plain(entry, depth + 1, seen))
    : Object.fromEntries(
        Object.entries(value).map(([name, entry]) => [
          name,
          secretName.test(name) ? '[hidden]' : plain(entry, depth + 1, seen),
        ]),
      );
  seen.delete(value);
  return copy;
}

/** Never throws. Above `maxChars` of JSON only the beginning is kept, and the cut is said. */
export function snapshotOf(message: unknown, maxChars: number): unknown {
  const copy = plain(message, 0, new Set());
  const text = JSON.stringify(copy) ?? 'null';
  return text.length <= maxChars
    ? copy
    : { cut: true, characters: text.length, beginning: text.slice(0, Math.min(maxChars, 10_000)) };
}

/**
 * A faithful copy of a message that is to go on later.
 * @throws FatalError MESSAGE_NOT_SERIALISABLE when JSON cannot carry it, MESSAGE_TOO_LARGE above the limit
 */
export function serialisableMessage(message: object, maxChars: number): Record<string, unknown> {
  const { req: _req, res: _res, ...rest } = message as Record<string, unknown>;
  let text: string;
  try {
    text = JSON.stringify(rest);
  } catch (cause) {
    throw new FatalError(
      'MESSAGE_NOT_SERIALISABLE',
      'the message refers to itself or holds what JSON cannot carry, so it cannot wait',
      {
        hint: 'Keep only plain data on the message before a wait, for example with a Change node that deletes the property.',
        cause,
      },
    );
  }
  if (text.length > maxChars) {
    throw new FatalError(
      'MESSAGE_TOO_LARGE',
      `the message has ${text.length} characters of JSON, more than the ${maxChars} that may wait`,
      {
        hint: 'Delete large properties before the wait; raw payloads stay in the ledger anyway.',
      },
    );
  }
  return JSON.parse(text) as Record<string, unknown>;
}
