/** What flows see of a sales order and a delivery: plain names, text quantities, calendar days; no OData wrapping. */
import { z } from 'zod';
import { add, plainDecimal } from '../kit/decimal';
import type { DeliveryEntity, SalesOrderEntity, SalesOrderItemEntity, ScheduleLineEntity } from './schema';
import { deliveryItemEntity, salesOrderItemEntity, salesOrderTextEntity, scheduleLineEntity } from './schema';
import { toDay } from './values';

export const scheduleView = z.object({
  schedule: z.string(),
  quantity: z.string().describe('Ordered quantity of the schedule line, decimal text'),
  confirmedQuantity: z.string().describe('Quantity that the availability check confirmed'),
  date: z.string().optional().describe('Requested calendar day'),
  confirmedDate: z.string().optional().describe('Calendar day that the availability check confirmed'),
});
export const lineView = z.object({
  line: z.string(),
  item: z.string().optional().describe('Material'),
  quantity: z.string().describe('Ordered quantity, decimal text'),
  deliveredQuantity: z.string().optional().describe('Sum of the schedule lines, where SAP tells it'),
  unit: z.string().optional().describe('Unit as SAP writes it'),
  location: z.string().optional().describe('Plant'),
  rejected: z.boolean(),
  rejectionReason: z.string().describe('Empty unless the item is rejected'),
  schedules: z.array(scheduleView),
});
export const orderView = z.object({
  order: z.string(),
  customerAccount: z.string().optional(),
  customerReference: z.string().optional().describe("The customer's own order number"),
  netAmount: z.string().optional(),
  currency: z.string().optional(),
  requestedDate: z.string().optional().describe('Calendar day'),
  shipComplete: z.boolean().describe('True when SAP may only deliver everything at once'),
  deliveryBlock: z.string().describe('Reason, empty when not blocked'),
  billingBlock: z.string().describe('Reason, empty when not blocked'),
  deliveryStatus: z.string().optional().describe('A not delivered, B partially, C completely'),
  lines: z.array(lineView),
});
export type OrderView = z.infer<typeof orderView>;

/** Members of an expanded navigation; a deferred or absent one is empty. */
export function members<T>(navigation: unknown, schema: z.ZodType<T>): T[] {
  const parsed = z.object({ results: z.array(schema) }).safeParse(navigation);
  return parsed.success ? parsed.data.results : [];
}

const filled = (value: string | null | undefined) => (value === '' || value === null ? undefined : value);

export function scheduleOf(line: ScheduleLineEntity): z.infer<typeof scheduleView> {
  return {
    schedule: line.ScheduleLine,
    quantity: plainDecimal(line.ScheduleLineOrderQuantity ?? '0') ?? '0',
    confirmedQuantity: plainDecimal(line.ConfdOrderQtyByMatlAvailCheck ?? '0') ?? '0',
    date: toDay(line.RequestedDeliveryDate),
    confirmedDate: toDay(line.ConfirmedDeliveryDate),
  };
}

/** SAP counts what was delivered by schedule line; undefined where it does not say. */
function deliveredOf(lines: readonly ScheduleLineEntity[]): string | undefined {
  const told = lines.flatMap((line) => line.DeliveredQtyInOrderQtyUnit ?? []);
  return told.length === 0 ? undefined : told.reduce((sum, one) => add(sum, one) ?? sum, '0');
}

export function lineOf(item: SalesOrderItemEntity): z.infer<typeof lineView> {
  const reason = item.SalesDocumentRjcnReason ?? '';
  const schedules = members(item.to_ScheduleLine, scheduleLineEntity);
  return {
    line: item.SalesOrderItem,
    item: filled(item.Material),
    quantity: plainDecimal(item.RequestedQuantity ?? '0') ?? '0',
    deliveredQuantity: deliveredOf(schedules),
    unit: filled(item.RequestedQuantityUnit),
    location: filled(item.ProductionPlant),
    rejected: reason !== '',
    rejectionReason: reason,
    schedules: schedules.map(scheduleOf),
  };
}

export function orderOf(order: SalesOrderEntity): OrderView {
  return {
    order: order.SalesOrder,
    customerAccount: filled(order.SoldToParty),
    customerReference: filled(order.PurchaseOrderByCustomer),
    netAmount: filled(order.TotalNetAmount),
    currency: filled(order.TransactionCurrency),
    requestedDate: toDay(order.RequestedDeliveryDate),
    shipComplete: order.CompleteDeliveryIsDefined ?? false,
    deliveryBlock: order.DeliveryBlockReason ?? '',
    billingBlock: order.HeaderBillingBlockReason ?? '',
    deliveryStatus: filled(order.OverallDeliveryStatus),
    lines: members(order.to_Item, salesOrderItemEntity).map(lineOf),
  };
}

export const foundOrder = orderView.extend({
  notes: z.array(z.string()).describe('Header texts, one a text type and language'),
});

/** An order that was read with its header texts. */
export function foundOrderOf(order: SalesOrderEntity): z.infer<typeof foundOrder> {
  const texts = members(order.to_Text, salesOrderTextEntity);
  return { ...orderOf(order), notes: texts.flatMap(({ LongText }) => filled(LongText) ?? []) };
}

export const deliveryView = z.object({
  delivery: z.string(),
  customerAccount: z.string().optional(),
  deliveryBlock: z.string().describe('Reason, empty when not blocked'),
  shipped: z.boolean().describe('Goods issue posted for everything'),
  goodsMovementStatus: z.string().optional().describe('A not yet, B partially, C completely'),
  pickingStatus: z.string().optional().describe('A not yet, B partially, C completely'),
  deliveryDate: z.string().optional().describe('Calendar day'),
  lines: z.array(
    z.object({
      line: z.string(),
      item: z.string().optional().describe('Material'),
      quantity: z.string(),
      unit: z.string().optional(),
      order: z.string().optional(),
      orderLine: z.string().optional(),
    }),
  ),
});

export function deliveryOf(delivery: DeliveryEntity): z.infer<typeof deliveryView> {
  const goodsMovementStatus = filled(delivery.OverallGoodsMovementStatus);
  return {
    delivery: delivery.DeliveryDocument,
    customerAccount: filled(delivery.SoldToParty),
    deliveryBlock: delivery.DeliveryBlockReason ?? '',
    shipped: goodsMovementStatus === 'C',
    goodsMovementStatus,
    pickingStatus: filled(delivery.OverallPickingStatus),
    deliveryDate: toDay(delivery.DeliveryDate),
    lines: members(delivery.to_DeliveryDocumentItem, deliveryItemEntity).map((item) => ({
      line: item.DeliveryDocumentItem,
      item: filled(item.Material),
      quantity: plainDecimal(item.ActualDeliveryQuantity ?? '0') ?? '0',
      unit: filled(item.DeliveryQuantityUnit),
      order: filled(item.ReferenceSDDocument),
      orderLine: filled(item.ReferenceSDDocumentItem),
    })),
  };
}
