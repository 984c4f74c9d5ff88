import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { type FindOrderInput, findOrderInput, soughtOrder } from '../../kit/erp-find';
import { asked } from '../entity';
import { foundOrder, foundOrderOf } from '../order-view';
import { refusalOf } from '../outcome';
import { many, salesOrderEntity } from '../schema';
import { Session } from '../session';
import { key } from '../values';

const output = z.object({
  orders: z.array(foundOrder).describe('Empty when there is none; several may share a customer reference'),
});
type Output = z.infer<typeof output>;

const filterOf = (wanted: FindOrderInput) =>
  wanted.order === undefined
    ? `PurchaseOrderByCustomer eq ${key(wanted.customerReference ?? '')}`
    : `SalesOrder eq ${key(wanted.order)}`;
const expand = 'to_Item,to_Item/to_ScheduleLine,to_Text';

/** SAP's numbers have up to ten digits, a customer's reference up to 35 characters: what is longer or has letters is no order here. */
const isPossible = (wanted: FindOrderInput) =>
  wanted.order === undefined
    ? (wanted.customerReference ?? '').length <= 35
    : /^\d{1,10}$/.test(wanted.order);

async function find(wanted: FindOrderInput, call: CallContext): Promise<OperationResult<Output>> {
  if (!isPossible(wanted)) return { outcome: 'ok', output: { orders: [] }, confirmed: true };
  const filter = filterOf(wanted).replaceAll(' ', '%20');
  const path = `/A_SalesOrder?$filter=${filter}&$expand=${expand}`;
  const response = await new Session(call, 'salesOrder').read(path);
  if (response.status !== 200) return refusalOf(response, asked(call, false));
  const parsed = many(salesOrderEntity).safeParse(response.json());
  if (!parsed.success)
    return { outcome: 'fatal', message: 'SAP answered with something that is no list of sales orders' };
  return { outcome: 'ok', output: { orders: parsed.data.d.results.map(foundOrderOf) }, confirmed: true };
}

/** `GET A_SalesOrder?$filter=` by number or by `PurchaseOrderByCustomer`, with items, schedule lines and texts. */
export const findOrder = operation<FindOrderInput, Output>({
  id: 'findOrder',
  title: 'Find sales order',
  description: "Finds sales orders by SAP's number or by the customer's own, with their notes.",
  kind: 'erp',
  safety: 'read',
  input: findOrderInput,
  output,
  target: (wanted) => `A_SalesOrder/${soughtOrder(wanted)}`,
  send: find,
});
