import type { z } from 'zod';
import { operation } from '../../kit/connector';
import { sendInterchange as contract } from '../../kit/contracts/edi';
import { type Delivered, deliver } from '../../kit/edi/deliver';
import { checked, outgoingOf } from '../outgoing';

type Input = z.infer<typeof contract.input>;

/** Media type of RFC 1767. */
export const sendInterchange = operation<Input, Delivered>({
  id: contract.id,
  title: 'Send an interchange',
  description: 'Sends a 997 or any other X12 interchange that is ready; one that is malformed is not sent.',
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
    return deliver(outgoingOf(content, found.controlNumber, fileName, call.settings.charset), call);
  },
});
