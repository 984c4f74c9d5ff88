/** Finding an order and reading what stands on it. */
import type { Refusal } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { type Json, list, object, text } from '../kit/text';
import { ask } from './client';
import { gid, idOf } from './ids';

export type Found<T> = { ok: true; value: T } | { ok: false; refusal: Refusal };

const refuse = (message: string): { ok: false; refusal: Refusal } => ({
  ok: false,
  refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message },
});

const nodes = (connection: unknown): Json[] =>
  list(object(connection)?.nodes, 1000).flatMap((item): Json[] => {
    const node = object(item);
    return node === undefined ? [] : [node];
  });

const complete = (connection: unknown) => object(object(connection)?.pageInfo)?.hasNextPage !== true;

const sameName = (a: string, b: string) => a.trim().replace(/^#/, '') === b.trim().replace(/^#/, '');

/**
 * An order by its id (a number or `gid://shopify/Order/...`) or by its name (`#1001` or `1001`). Digits may be either: both are asked for,
 * and where they lead to two orders neither is taken.
 * @param fields selection on `Order` beside `id` and `name`
 */
export async function findOrder(
  call: CallContext,
  orderNumber: string,
  fields: string,
): Promise<Found<Json>> {
  const id = idOf(orderNumber);
  const byName = !orderNumber.startsWith('gid://');
  const query = `query FindOrder($id: ID!, $name: String!, $byId: Boolean!, $byName: Boolean!) {
    byId: order(id: $id) @include(if: $byId) { ...found }
    byName: orders(first: 5, query: $name) @include(if: $byName) { nodes { ...found } }
  }
  fragment found on Order { id name ${fields} }`;
  const quoted = orderNumber.replace(/^#/, '').replace(/["\\]/g, '\\$&');
  const variables = {
    id: gid('Order', id ?? '0'),
    name: `name:"${quoted}"`,
    byId: id !== undefined,
    byName,
  };
  const answer = await ask(call, query, variables);
  if (!answer.ok) return answer;
  const named = nodes(answer.data.byName).filter((order) =>
    sameName(text(order.name, 200) ?? '', orderNumber),
  );
  const orders = new Map(
    [object(answer.data.byId), ...named].flatMap((order) =>
      order === undefined ? [] : [[order.id, order] as const],
    ),
  );
  const [order] = orders.values();
  if (order === undefined) return refuse(`Shopify knows no order ${orderNumber}`);
  return orders.size === 1
    ? { ok: true, value: order }
    : refuse(`${orderNumber} is the id of one order and the name of another`);
}

export interface Hold {
  id: string;
  handle: string;
  /** True when this app placed it. */
  ours: boolean;
}

export interface FulfillmentOrder {
  id: string;
  status: string;
  holds: Hold[];
  /** What can be done now, e.g. `HOLD`, `CREATE_FULFILLMENT`. */
  actions: ReadonlySet<string>;
  lines: { id: string; lineId: string; remaining: number }[];
}

const holdFields = 'id status supportedActions { action } fulfillmentHolds { id handle heldByRequestingApp }';
/** Small pages keep the query under the 1,000 points that a single one may cost. */
const lineFields = `lineItems(first: 40) { nodes { id remainingQuantity lineItem { id } } pageInfo { hasNextPage } }`;

export function fulfillmentOrderOf(node: Json): FulfillmentOrder {
  return {
    id: text(node.id, 200) ?? '',
    status: text(node.status, 60) ?? '',
    holds: list(node.fulfillmentHolds, 100).map((item) => {
      const hold = object(item) ?? {};
      return {
        id: text(hold.id, 200) ?? '',
        handle: text(hold.handle, 64) ?? '',
        ours: hold.heldByRequestingApp === true,
      };
    }),
    actions: new Set(list(node.supportedActions, 50).flatMap((item) => text(object(item)?.action, 60) ?? [])),
    lines: nodes(node.lineItems).map((line) => ({
      id: text(line.id, 200) ?? '',
      lineId: idOf(object(line.lineItem)?.id) ?? '',
      remaining: typeof line.remainingQuantity === 'number' ? line.remainingQuantity : 0,
    })),
  };
}

export interface Fulfillment {
  id: string;
  status: string;
  displayStatus: string | undefined;
  tracking: string[];
}

const fulfillmentFields =
  'fulfillments(first: 20) { id status displayStatus trackingInfo(first: 10) { number } }';

export function fulfillmentOf(node: Json): Fulfillment {
  return {
    id: text(node.id, 200) ?? '',
    status: text(node.status, 60) ?? '',
    displayStatus: text(node.displayStatus, 60),
    tracking: list(node.trackingInfo, 100).flatMap((item) => text(object(item)?.number, 200) ?? []),
  };
}

export interface OrderWork {
  id: string;
  name: string;
  cancelled: boolean;
  fulfillmentOrders: FulfillmentOrder[];
  fulfillments: Fulfillment[];
}

/** The order with its fulfilment orders and fulfilments; with `lines` also what is left of each line. */
export async function readWork(
  call: CallContext,
  orderNumber: string,
  lines: boolean,
): Promise<Found<OrderWork>> {
  const first = lines ? 10 : 50;
  const fields = `cancelledAt fulfillmentOrders(first: ${first}) { nodes { ${holdFields} ${lines ? lineFields : ''} } pageInfo { hasNextPage } } ${fulfillmentFields}`;
  const found = await findOrder(call, orderNumber, fields);
  if (!found.ok) return found;
  const order = found.value;
  const work = nodes(order.fulfillmentOrders);
  if (
    !complete(order.fulfillmentOrders) ||
    work.some((node) => node.lineItems !== undefined && !complete(node.lineItems))
  )
    return {
      ok: false,
      refusal: {
        outcome: 'fatal',
        message: 'the order has more fulfillment orders or lines than one query may ask for',
      },
    };
  return {
    ok: true,
    value: {
      id: text(order.id, 200) ?? '',
      name: text(order.name, 200) ?? orderNumber,
      cancelled: order.cancelledAt !== null && order.cancelledAt !== undefined,
      fulfillmentOrders: work.map(fulfillmentOrderOf),
      fulfillments: list(order.fulfillments, 100).map((node) => fulfillmentOf(object(node) ?? {})),
    },
  };
}
