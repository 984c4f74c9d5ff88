import { checkedParts, sendInterchangeOperation } from '../../kit/edi/send-interchange';
import { readEdifact } from '../envelope';

/** What a CONTRL in an answer says; 0085 26 is a duplicate, so an earlier send of ours arrived. */
export function verdictIn(body: string): { accepted: boolean; message: string } | undefined {
  for (const part of readEdifact(body)) {
    if (part.kind !== 'message' || part.message.type !== 'CONTRL') continue;
    const uci = part.message.segments.find(({ tag }) => tag === 'UCI');
    const action = uci?.component(4).trim() ?? '';
    const error = uci?.component(5).trim() ?? '';
    const refused =
      (action === '4' && error !== '26') ||
      part.message.segments.some((segment) => segment.tag === 'UCM' && segment.component(3) === '4');
    return {
      accepted: !refused,
      message: `the interchange was answered with ${action.slice(0, 3)} ${error.slice(0, 3)}`.trim(),
    };
  }
  return undefined;
}

/** Levels W and Y are UTF-8; the others are single bytes, of which only those of ISO 8859-1 can be written. */
function encodingOf(content: string): 'latin1' | 'utf8' | undefined {
  const level = /UNB[^A-Za-z0-9]UNO([A-Z])/.exec(content.slice(0, 200))?.[1] ?? 'A';
  if (level === 'W' || level === 'Y') return 'utf8';
  const highest = level === 'C' ? 0xff : 0x7f;
  for (const sign of content)
    if ((sign.codePointAt(0) ?? 0) > highest) return level === 'A' || level === 'B' ? 'utf8' : undefined;
  return 'latin1';
}

/** Media type of RFC 1767. */
export const sendInterchange = sendInterchangeOperation({
  description:
    'Sends a CONTRL or any other EDIFACT interchange that is ready; one that is malformed is not sent.',
  checked: (content) =>
    checkedParts(readEdifact(content), (part) =>
      part.kind === 'message' ? part.message.fault : 'fault' in part ? part.fault : undefined,
    ),
  outgoing({ content, fileName }, controlNumber) {
    const encoding = encodingOf(content);
    if (encoding === undefined)
      return 'the interchange holds characters that its syntax identifier cannot be written in';
    return {
      content,
      controlNumber,
      fileName: fileName ?? `edifact-${controlNumber.replace(/[^A-Za-z0-9._-]/g, '_')}.edi`,
      encoding,
      mediaType: 'application/edifact',
      verdict: verdictIn,
    };
  },
});
