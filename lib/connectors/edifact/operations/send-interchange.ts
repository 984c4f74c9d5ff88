import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { sendInterchange as contract } from '../../kit/contracts/edi';
import { type Delivered, deliver } from '../../kit/edi/deliver';
import { readEdifact } from '../envelope';

type Input = z.infer<typeof contract.input>;

/** Its control reference, or what is wrong with it. */
export function checked(content: string): { controlNumber: string } | { fault: string } {
  let controlNumber: string | undefined;
  for (const part of readEdifact(content)) {
    if (part.kind === 'stray') return { fault: `${part.at}: ${part.message}` };
    if (part.kind === 'interchange') {
      if (controlNumber !== undefined) return { fault: 'more than one interchange' };
      controlNumber = part.interchange.control;
    }
    const fault = part.kind === 'message' ? part.message.fault : 'fault' in part ? part.fault : undefined;
    if (fault !== undefined) return { fault: `${fault.at}: ${fault.message}` };
  }
  return controlNumber === undefined || controlNumber === ''
    ? { fault: 'no interchange' }
    : { controlNumber };
}

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
export const sendInterchange = operation<Input, Delivered>({
  id: contract.id,
  title: 'Send an interchange',
  description:
    'Sends a CONTRL or any other EDIFACT interchange that is ready; one that is malformed is not sent.',
  kind: 'edi',
  safety: 'keyed',
  idempotencyHeader: 'idempotency-key',
  input: contract.input,
  output: contract.output as z.ZodType<Delivered>,
  target: ({ content }) => {
    const found = checked(content);
    return `interchange/${'fault' in found ? 'malformed' : found.controlNumber}`;
  },
  async send({ content, fileName }, call) {
    const found = checked(content);
    if ('fault' in found)
      return { outcome: 'fatal', message: `the interchange is malformed: ${found.fault}` };
    const { controlNumber } = found;
    const encoding = encodingOf(content);
    if (encoding === undefined)
      return {
        outcome: 'fatal',
        message: 'the interchange holds characters that its syntax identifier cannot be written in',
      };
    const name = fileName ?? `edifact-${controlNumber.replace(/[^A-Za-z0-9._-]/g, '_')}.edi`;
    return deliver(
      {
        content,
        controlNumber,
        fileName: name,
        encoding,
        mediaType: 'application/edifact',
        verdict: verdictIn,
      },
      call,
    );
  },
});
