import { z } from 'zod';
import { operation } from '../../kit/connector';
import { readEntity } from '../entity';
import { deliveryOf, deliveryView } from '../order-view';
import { deliveryEntity } from '../schema';
import { Session } from '../session';
import { key } from '../values';

const input = z.object({
  delivery: z
    .string()
    .regex(/^\d{1,10}$/)
    .describe('Outbound delivery number in SAP'),
});

/** `GET A_OutbDeliveryHeader` with its items expanded. */
export const readDelivery = operation<z.infer<typeof input>, z.infer<typeof deliveryView>>({
  id: 'readDelivery',
  title: 'Read outbound delivery',
  description: 'Reads an outbound delivery with its items, statuses and block.',
  kind: 'erp',
  safety: 'read',
  input,
  output: deliveryView,
  target: (wanted) => `A_OutbDeliveryHeader/${wanted.delivery}`,
  async send(wanted, call) {
    const path = `/A_OutbDeliveryHeader(${key(wanted.delivery)})?$expand=to_DeliveryDocumentItem`;
    const read = await readEntity(new Session(call, 'delivery'), path, deliveryEntity, call);
    if (!read.ok) return read.refusal;
    const { state } = read.entity;
    return { outcome: 'ok', output: deliveryOf(state), confirmed: true, reference: state.DeliveryDocument };
  },
});
