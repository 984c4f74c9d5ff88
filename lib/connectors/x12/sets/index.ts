/** Which mapping reads which transaction set (ST01). */
import type { Mapped } from '../../kit/edi/scope';
import type { SetScope } from '../scope';
import { mapApplicationAdvice, mapFunctionalAcknowledgement } from './acknowledgements';
import { mapReceivingAdvice } from './receiving';
import { mapShipNotice } from './ship-notice';
import { mapShipmentStatus } from './shipment-status';
import { mapFreightInvoice, mapTender, mapTenderResponse } from './tender';
import { mapShippingAdvice, mapShippingOrder } from './warehouse';

/** A map, for a set may call itself anything. */
export const mappings: ReadonlyMap<string, (scope: SetScope) => Mapped> = new Map(
  Object.entries({
    '204': mapTender,
    '210': mapFreightInvoice,
    '214': mapShipmentStatus,
    '824': mapApplicationAdvice,
    '856': mapShipNotice,
    '861': mapReceivingAdvice,
    '940': mapShippingOrder,
    '945': mapShippingAdvice,
    '990': mapTenderResponse,
    '997': mapFunctionalAcknowledgement,
  }),
);
