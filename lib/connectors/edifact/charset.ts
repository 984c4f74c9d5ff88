/**
 * The character set of an interchange, by the syntax identifier of its UNB (data element 0001,
 * https://www.gefeg.com/jswg/cl/v4x/40100/cl1.htm). Levels A and B are ISO 646; senders that put more into them write UTF-8 or ISO 8859-1.
 */
import { decodeBytes, headOf } from '../kit/edi/text';

const charsets: ReadonlyMap<string, string> = new Map(
  Object.entries({
    UNOA: 'auto',
    UNOB: 'auto',
    UNOC: 'iso-8859-1',
    UNOD: 'iso-8859-2',
    UNOE: 'iso-8859-5',
    UNOF: 'iso-8859-7',
    UNOG: 'iso-8859-3',
    UNOH: 'iso-8859-4',
    UNOI: 'iso-8859-6',
    UNOJ: 'iso-8859-8',
    UNOK: 'iso-8859-9',
    UNOX: 'iso-2022-jp',
    UNOW: 'utf-8',
    UNOY: 'utf-8',
  }),
);

export type Decoded = { text: string } | { fault: string };

/** Text of the interchange, or why there is none. Text without an UNB is read as it can be, so that the fault found is the missing UNB. */
export function decodeInterchange(body: Uint8Array): Decoded {
  const identifier = /UNB[^A-Za-z0-9](UNO[A-Z]|KECA)/.exec(headOf(body, 2000))?.[1];
  const charset = identifier === undefined ? 'auto' : charsets.get(identifier);
  if (charset === undefined)
    return { fault: `the syntax identifier ${identifier} names a character set that is not read` };
  const text = decodeBytes(body, charset);
  return text === undefined ? { fault: `the bytes do not fit ${identifier} (${charset})` } : { text };
}
