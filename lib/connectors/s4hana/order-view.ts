/** What flows see of a sales order and a delivery: plain names, text quantities, calendar days; no OData wrapping. */
import { z } from 'zod';
import { plainDecimal } from '../kit/decimal';
import type { DeliveryEntity, SalesOrderEntity, SalesOrderItemEntity, ScheduleLineEntity } from './schema';
import { deliveryItemEntity, salesOrderItemEntity, scheduleLineEntity } from './schema';
import { toDay } from './values';

export const scheduleLineView = z.object({
  scheduleLine: z.string(),
  quantity: z.string().describe('Ordered quantity of the schedule line, decimal text'),
  confirmedQuantity: z.string().describe('Quantity that the availability check confirmed'),
  requestedDeliveryDate: z.string().optional().describe('Calendar day'),
  confirmedDeliveryDate: z.string().optional().describe('Calendar day'),
});
export const orderItemView = z.object({
  item: z.string(),
  material: z.string().optional(),
  quantity: z.string().describe('Ordered quantity, decimal text'),
  unit: z.string().optional().describe('Unit as SAP writes it'),
  plant: z.string().optional(),
  rejectionReason: z.string().describe('Empty unless the item is rejected'),
  scheduleLines: z.array(scheduleLineView),
});
export const orderView = z.object({
  salesOrder: z.string(),
  customerAccount: z.string().optional(),
  purchaseOrder: z.string().optional(),
  netAmount: z.string().optional(),
  currency: z.string().optional(),
  requestedDeliveryDate: z.string().optional().describe('Calendar day'),
  shipComplete: z.boolean().describe('True when SAP may only deliver everything at once'),
  deliveryBlockReason: z.string(),
  billingBlockReason: z.string(),
  deliveryStatus: z.string().optional().describe('A not delivered, B partially, C completely'),
  items: z.array(orderItemView),
});
export type OrderView = z.infer<typeof orderView>;

/** Members of an expanded navigation; a deferred or absent one is empty. */
export function members<T>(navigation: unknown, schema: z.ZodType<T>): T[] {
  const parsed = z.object({ results: z.array(schema) }).safeParse(navigation);
  return parsed.success ? parsed.data.results : [];
}

const filled = (value: string | null | undefined) => (value === '' || value === null ? undefined : value);

export function scheduleLineOf(line: ScheduleLineEntity): z.infer<typeof scheduleLineView> {
  return {
    scheduleLine: line.ScheduleLine,
    quantity: plainDecimal(line.ScheduleLineOrderQuantity ?? '0') ?? '0',
    confirmedQuantity: plainDecimal(line.ConfdOrderQtyByMatlAvailCheck ?? '0') ?? '0',
    requestedDeliveryDate: toDay(line.RequestedDeliveryDate),
    confirmedDeliveryDate: toDay(line.ConfirmedDeliveryDate),
  };
}

export function itemOf(item: SalesOrderItemEntity): z.infer<typeof orderItemView> {
  return {
    item: item.SalesOrderItem,
    material: filled(item.Material),
    quantity: plainDecimal(item.RequestedQuantity ?? '0') ?? '0',
    unit: filled(item.RequestedQuantityUnit),
    plant: filled(item.ProductionPlant),
    rejectionReason: item.SalesDocumentRjcnReason ?? '',
    scheduleLines: members(item.to_ScheduleLine, scheduleLineEntity).map(scheduleLineOf),
  };
}

export function orderOf(order: SalesOrderEntity): OrderView {
  return {
    salesOrder: order.SalesOrder,
    customerAccount: filled(order.SoldToParty),
    purchaseOrder: filled(order.PurchaseOrderByCustomer),
    netAmount: filled(order.TotalNetAmount),
    currency: filled(order.TransactionCurrency),
    requestedDeliveryDate: toDay(order.RequestedDeliveryDate),
    shipComplete: order.CompleteDeliveryIsDefined ?? false,
    deliveryBlockReason: order.DeliveryBlockReason ?? '',
    billingBlockReason: order.HeaderBillingBlockReason ?? '',
    deliveryStatus: filled(order.OverallDeliveryStatus),
    items: members(order.to_Item, salesOrderItemEntity).map(itemOf),
  };
}

export const deliveryView = z.object({
  delivery: z.string(),
  customerAccount: z.string().optional(),
  deliveryBlockReason: z.string(),
  goodsMovementStatus: z.string().optional().describe('A not yet, B partially, C completely'),
  pickingStatus: z.string().optional().describe('A not yet, B partially, C completely'),
  deliveryDate: z.string().optional().describe('Calendar day'),
  items: z.array(
    z.object({
      item: z.string(),
      material: z.string().optional(),
      quantity: z.string(),
      unit: z.string().optional(),
      salesOrder: z.string().optional(),
      salesOrderItem: z.string().optional(),
    }),
  ),
});

export function deliveryOf(delivery: DeliveryEntity): z.infer<typeof deliveryView> {
  return {
    delivery: delivery.DeliveryDocument,
    customerAccount: filled(delivery.SoldToParty),
    deliveryBlockReason: delivery.DeliveryBlockReason ?? '',
    goodsMovementStatus: filled(delivery.OverallGoodsMovementStatus),
    pickingStatus: filled(delivery.OverallPickingStatus),
    deliveryDate: toDay(delivery.DeliveryDate),
    items: members(delivery.to_DeliveryDocumentItem, deliveryItemEntity).map((item) => ({
      item: item.DeliveryDocumentItem,
      material: filled(item.Material),
      quantity: plainDecimal(item.ActualDeliveryQuantity ?? '0') ?? '0',
      unit: filled(item.DeliveryQuantityUnit),
      salesOrder: filled(item.ReferenceSDDocument),
      salesOrderItem: filled(item.ReferenceSDDocumentItem),
    })),
  };
}
