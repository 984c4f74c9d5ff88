import type { z } from 'zod';
import type { OperationResult } from '../../kit/connector';
import { operation } from '../../kit/connector';
import { readRelease as contract } from '../../kit/contracts/wms';
import type { Json } from '../../kit/text';
import { quoted, readRows, refused, rowsIn } from '../client';
import { settingsOf } from '../manifest';
import { itemsOf, numberOf, overall } from '../orders';

type Input = z.infer<typeof contract.input>;
type Output = z.infer<typeof contract.output>;

/** SAP takes a number with or without its leading zeros, by release: both are asked for. */
function filterOf(reference: string, by: 'warehouse' | 'erp'): string {
  const field = by === 'warehouse' ? 'EWMOutboundDeliveryOrder' : 'OutboundDelivery';
  const forms = new Set([reference, ...(/^\d{1,9}$/.test(reference) ? [reference.padStart(10, '0')] : [])]);
  return [...forms].map((form) => `${field} eq ${quoted(form)}`).join(' or ');
}

function stateOf(head: Json): string {
  const items = itemsOf(head);
  const goodsIssue = overall(items, 'GoodsIssueStatus');
  if (goodsIssue === '9') return 'SHIPPED';
  if (goodsIssue === '2') return 'PARTLY_SHIPPED';
  const picking = overall(items, 'PickingStatus');
  if (picking === '9') return 'PICKED';
  return picking === '2' ? 'PICKING' : 'OPEN';
}

export const readRelease = operation<Input, Output>({
  id: 'readRelease',
  title: 'Read release',
  description: 'Reads how far the warehouse is with an outbound delivery order.',
  kind: 'wms',
  safety: 'read',
  input: contract.input,
  output: contract.output,
  target: ({ reference }) => `delivery-order/${reference}`,
  async send({ reference }, call): Promise<OperationResult<Output>> {
    const { deliveryOrderPath, references } = settingsOf(call.settings);
    const response = await readRows(call, deliveryOrderPath, 'WhseOutboundDeliveryOrderHead', {
      filter: filterOf(reference, references),
      expand: '_WhseOutbDeliveryOrderItem',
      top: 10,
    });
    const answer = rowsIn(response, 10);
    if (answer === undefined) return refused(response, call);
    const [head, ...others] = answer.rows;
    if (head === undefined || others.length > 0)
      return {
        outcome: 'business',
        code: 'IDENTIFIER_UNRESOLVED',
        message:
          head === undefined
            ? `SAP EWM knows no outbound delivery order for ${reference}`
            : `${reference} names several outbound delivery orders`,
      };
    return {
      outcome: 'ok',
      output: { reference, state: stateOf(head) },
      confirmed: true,
      reference: numberOf(head.EWMOutboundDeliveryOrder) ?? reference,
    };
  },
});
