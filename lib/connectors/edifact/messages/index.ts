/** Which mapping reads which message (data element 0065). */
import type { Mapped } from '../../kit/edi/scope';
import type { MessageScope } from '../scope';
import { mapApplicationReport, mapSyntaxReport } from './acknowledgements';
import { mapDespatchAdvice } from './despatch';
import { mapOrderResponse } from './order-response';
import { mapReceivingAdvice } from './receiving';
import { mapStatusReport } from './status';

/** A map, for a message may call itself anything. */
export const mappings: ReadonlyMap<string, (scope: MessageScope) => Mapped> = new Map([
  ['IFTSTA', mapStatusReport],
  ['DESADV', mapDespatchAdvice],
  ['RECADV', mapReceivingAdvice],
  ['ORDRSP', mapOrderResponse],
  ['APERAK', mapApplicationReport],
  ['CONTRL', mapSyntaxReport],
]);
