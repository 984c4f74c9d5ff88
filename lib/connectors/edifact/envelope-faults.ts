/** What is wrong with a message or a group: trailer missing, reference or count not the header's. */
import { shown } from '../kit/edi/envelope';
import type { Fault } from '../kit/edi/normalizer';
import type { Segment } from '../kit/edi/segments';
import type { Group, OpenMessage } from './envelope';

/** Codes of data element 0085. */
export const syntaxErrors = {
  invalid: '12',
  missing: '13',
  outside: '33',
  reference: '28',
  count: '29',
  charset: '21',
} as const;

export function messageFault(
  { unh, segments, at: message }: OpenMessage,
  trailer: Segment | undefined,
): Fault | undefined {
  const count = segments.length + 1;
  const at = `${message}/seg ${count} UNT`;
  if (trailer === undefined)
    return {
      code: 'UNT_MISSING',
      message: 'the message ends without its UNT',
      at,
      ack: syntaxErrors.missing,
    };
  const control = unh.component(1).trim();
  if (trailer.component(2).trim() !== control)
    return {
      code: 'CONTROL_NUMBER_MISMATCH',
      message: `UNT says ${shown(trailer.component(2))}, UNH says ${shown(control)}`,
      at,
      ack: syntaxErrors.reference,
    };
  if (Number(trailer.component(1)) !== count)
    return {
      code: 'CONTROL_COUNT_MISMATCH',
      message: `UNT says ${shown(trailer.component(1))} segments, there are ${count}`,
      at,
      ack: syntaxErrors.count,
    };
  return undefined;
}

export function groupFault(group: Group, trailer: Segment | undefined): Fault | undefined {
  const at = `${group.at}/UNE`;
  if (trailer === undefined)
    return { code: 'UNE_MISSING', message: 'the group ends without its UNE', at, ack: syntaxErrors.missing };
  if (trailer.component(2).trim() !== group.control)
    return {
      code: 'CONTROL_NUMBER_MISMATCH',
      message: `UNE says ${shown(trailer.component(2))}, UNG says ${shown(group.control)}`,
      at,
      ack: syntaxErrors.reference,
    };
  if (Number(trailer.component(1)) !== group.count)
    return {
      code: 'CONTROL_COUNT_MISMATCH',
      message: `UNE says ${shown(trailer.component(1))} messages, there are ${group.count}`,
      at,
      ack: syntaxErrors.count,
    };
  return undefined;
}
