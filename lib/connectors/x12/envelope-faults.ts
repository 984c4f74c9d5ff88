/** What is wrong with a transaction set or a group: trailer missing, control number or count not the header's. */
import { shown } from '../kit/edi/envelope';
import type { Fault } from '../kit/edi/normalizer';
import type { Segment } from '../kit/edi/segments';
import type { OpenSet, X12Group } from './envelope';

export function setFault(open: OpenSet, trailer: Segment | undefined): Fault | undefined {
  const control = open.header.element(2).trim();
  const segments = open.segments.length + 1;
  const at = `${open.at}/seg ${segments} SE`;
  if (trailer === undefined)
    return { code: 'SE_MISSING', message: 'the transaction set ends without its SE', at, ack: '2' };
  if (trailer.element(2).trim() !== control)
    return {
      code: 'CONTROL_NUMBER_MISMATCH',
      message: `SE02 is ${shown(trailer.element(2))}, ST02 is ${shown(control)}`,
      at,
      ack: '3',
    };
  if (Number(trailer.element(1)) !== segments)
    return {
      code: 'CONTROL_COUNT_MISMATCH',
      message: `SE01 says ${shown(trailer.element(1))} segments, there are ${segments}`,
      at,
      ack: '4',
    };
  return undefined;
}

export function groupFault(group: X12Group, trailer: Segment | undefined): Fault | undefined {
  const at = `${group.at}/GE`;
  if (trailer === undefined)
    return { code: 'GE_MISSING', message: 'the group ends without its GE', at, ack: '3' };
  if (trailer.element(2).trim() !== group.control)
    return {
      code: 'CONTROL_NUMBER_MISMATCH',
      message: `GE02 is ${shown(trailer.element(2))}, GS06 is ${shown(group.control)}`,
      at,
      ack: '4',
    };
  if (Number(trailer.element(1)) !== group.count)
    return {
      code: 'CONTROL_COUNT_MISMATCH',
      message: `GE01 says ${shown(trailer.element(1))} transaction sets, there are ${group.count}`,
      at,
      ack: '5',
    };
  return undefined;
}
