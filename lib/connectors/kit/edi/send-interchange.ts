/** Sending an interchange that is ready: its envelopes are checked, and one that is malformed is not sent. */
import type { z } from 'zod';
import { type CallContext, operation } from '../connector';
import { sendInterchange as contract } from '../contracts/edi';
import { type Delivered, deliver, type Outgoing } from './deliver';
import type { Stray } from './envelope';
import type { Fault } from './normalizer';

type Input = z.infer<typeof contract.input>;

/** The control number of an interchange, or what is wrong with it. */
export type Checked = { controlNumber: string } | { fault: string };

type Part =
  | Stray
  | { kind: 'interchange'; interchange: { control: string } }
  | { kind: 'group' | 'group-end' | 'interchange-end' | 'set' | 'message' | 'ta1' };

/** Exactly one interchange without a fault. */
export function checkedParts<P extends Part>(
  parts: Iterable<P>,
  faultOf: (part: P) => Fault | undefined,
): Checked {
  let controlNumber = '';
  let count = 0;
  for (const part of parts) {
    const read: Part = part;
    if (read.kind === 'stray') return { fault: `${read.at}: ${read.message}` };
    if (read.kind === 'interchange') {
      count += 1;
      if (count > 1) return { fault: 'more than one interchange' };
      controlNumber = read.interchange.control;
    }
    const fault = faultOf(part);
    if (fault !== undefined) return { fault: `${fault.at}: ${fault.message}` };
  }
  return controlNumber === '' ? { fault: 'no interchange' } : { controlNumber };
}

export interface Sending {
  description: string;
  checked(content: string): Checked;
  /** How it goes out, or why it cannot be written. */
  outgoing(input: Input, controlNumber: string, call: CallContext): Outgoing | string;
}

export function sendInterchangeOperation({ description, checked, outgoing }: Sending) {
  return operation<Input, Delivered>({
    id: contract.id,
    title: 'Send an interchange',
    description,
    kind: 'edi',
    safety: 'keyed',
    idempotencyHeader: 'idempotency-key',
    input: contract.input,
    output: contract.output as z.ZodType<Delivered>,
    target: ({ content }) => {
      const found = checked(content);
      return `interchange/${'fault' in found ? 'malformed' : found.controlNumber}`;
    },
    async send(input, call) {
      const found = checked(input.content);
      if ('fault' in found)
        return { outcome: 'fatal', message: `the interchange is malformed: ${found.fault}` };
      const ready = outgoing(input, found.controlNumber, call);
      return typeof ready === 'string' ? { outcome: 'fatal', message: ready } : deliver(ready, call);
    },
  });
}
