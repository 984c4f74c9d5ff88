/** Sales orders, items, deliveries and document flows, as read from the OData services or logged by a middleware. */
import { type FactContext, type FactDraft, incoterms } from '../../model/fact';
import type { NormalizeContext } from '../kit/connector';
import { moneyOf } from '../kit/money';
import { checkedBy } from '../kit/payload';
import { sapQuantity } from '../kit/sap';
import type { Json } from '../kit/text';
import { type EventTime, isoTime } from '../kit/time';
import { codes, contentKey, documentFact, firstTime, identifiersOf } from './draft';
import { settingsOf } from './manifest';
import {
  type DeliveryEntity,
  deliveryEntity,
  documentFlowEntity,
  type SalesOrderEntity,
  salesOrderEntity,
  salesOrderItemEntity,
} from './schema';
import { toDay } from './values';

const checkedSalesOrderEntity = checkedBy(salesOrderEntity);
const checkedSalesOrderItemEntity = checkedBy(salesOrderItemEntity);
const checkedDeliveryEntity = checkedBy(deliveryEntity);
const checkedDocumentFlowEntity = checkedBy(documentFlowEntity);

export interface Reading {
  context: NormalizeContext;
  /** When the middleware logged it, where it did. */
  loggedAt: string | undefined;
}

/** The fact of one entity; undefined when it is none that we know, or does not fit. */
export function documentOf(state: Json, reading: Reading): FactDraft | undefined {
  if ('PrecedingDocument' in state) return documentFlow(state, reading);
  if ('DeliveryDocument' in state && !('DeliveryDocumentItem' in state)) return delivery(state, reading);
  if ('SalesOrderItem' in state && !('ScheduleLine' in state)) return salesOrderItem(state, reading);
  if ('SalesOrder' in state && !('SalesOrderItem' in state)) return salesOrder(state, reading);
  return undefined;
}

function salesOrder(state: Json, { context, loggedAt }: Reading): FactDraft | undefined {
  const parsed = checkedSalesOrderEntity(state);
  if (!parsed.success) return undefined;
  const order = parsed.data;
  return documentFact({
    type: 'org.reroute.order.changed.v1',
    context,
    code: {
      codeList: 'A_SalesOrder',
      status: order.OverallSDProcessStatus || '(none)',
      reason: order.DeliveryBlockReason || undefined,
    },
    time: firstTime([order.LastChangeDateTime, loggedAt], context),
    dedupKey: contentKey('A_SalesOrder', state),
    identifiers: identifiersOf(
      { erpSalesOrderId: order.SalesOrder, customerAccount: order.SoldToParty },
      order.PurchaseOrderByCustomer,
    ),
    more: contextOf(order),
  });
}

function contextOf(order: SalesOrderEntity): { context?: FactContext } {
  const incoterm = incoterms.find((one) => one === order.IncotermsClassification);
  const orderValue = moneyOf(order.TotalNetAmount, order.TransactionCurrency);
  const context: FactContext = {
    ...(incoterm === undefined ? {} : { incoterm }),
    ...(order.IncotermsTransferLocation ? { namedPlace: order.IncotermsTransferLocation } : {}),
    ...(orderValue === undefined ? {} : { orderValue }),
  };
  return Object.keys(context).length === 0 ? {} : { context };
}

function salesOrderItem(state: Json, { context, loggedAt }: Reading): FactDraft | undefined {
  const parsed = checkedSalesOrderItemEntity(state);
  if (!parsed.success) return undefined;
  const item = parsed.data;
  const ordered = sapQuantity(
    item.RequestedQuantity,
    item.RequestedQuantityISOUnit || item.RequestedQuantityUnit,
  );
  return documentFact({
    type: 'org.reroute.order.changed.v1',
    context,
    code: {
      codeList: 'A_SalesOrderItem',
      status: item.SDProcessStatus || '(none)',
      reason: item.SalesDocumentRjcnReason || undefined,
    },
    time: firstTime([loggedAt], context),
    dedupKey: contentKey('A_SalesOrderItem', state),
    identifiers: identifiersOf({ erpSalesOrderId: item.SalesOrder, inventoryLocation: item.ProductionPlant }),
    more: {
      lines: [
        {
          lineId: item.SalesOrderItem,
          ...(item.Material ? { item: item.Material } : {}),
          ...(ordered === undefined ? {} : { ordered }),
        },
      ],
    },
  });
}

const deliverySteps = ['OverallGoodsMovementStatus', 'OverallPackingStatus', 'OverallPickingStatus'] as const;

function delivery(state: Json, { context, loggedAt }: Reading): FactDraft | undefined {
  const parsed = checkedDeliveryEntity(state);
  if (!parsed.success) return undefined;
  const found = parsed.data;
  // The furthest step that is complete speaks for the delivery; else the furthest one that has a status at all.
  const stepped = deliverySteps.filter((step) => found[step]);
  const step =
    stepped.find((one) => codes.meaning(one, found[one] ?? '').milestone !== undefined) ?? stepped[0];
  const status = step === undefined ? undefined : (found[step] ?? undefined);
  const meaning = step === undefined || status === undefined ? undefined : codes.meaning(step, status);
  return documentFact({
    type:
      meaning?.milestone === undefined
        ? 'org.reroute.delivery.changed.v1'
        : 'org.reroute.shipment.milestone.v1',
    context,
    code: {
      codeList: step ?? 'A_OutbDeliveryHeader',
      status: status ?? '(none)',
      reason: found.DeliveryBlockReason || undefined,
    },
    ...(meaning === undefined ? {} : { meaning }),
    time:
      (meaning?.milestone === 'SHIPPED' ? goodsIssueTime(found, context) : undefined) ??
      firstTime([loggedAt], context),
    dedupKey: contentKey('A_OutbDeliveryHeader', state),
    identifiers: identifiersOf({
      deliveryId: found.DeliveryDocument,
      customerAccount: found.SoldToParty,
      inventoryLocation: found.ShippingPoint,
      bolNumber: found.BillOfLading,
    }),
  });
}

/** SAP sends the day as midnight UTC and the time of day apart (`PT07H00M00S`), both local to the shipping point. */
function goodsIssueTime(found: DeliveryEntity, context: NormalizeContext): EventTime | undefined {
  const day = toDay(found.ActualGoodsMovementDate);
  if (day === undefined) return undefined;
  const clock = /^PT(\d{1,2})H(\d{1,2})M(\d{1,2})S$/.exec(found.ActualGoodsMovementTime ?? '');
  const time = (clock?.slice(1) ?? ['0', '0', '0']).map((part) => part.padStart(2, '0')).join(':');
  return isoTime(`${day}T${time}`, { zone: settingsOf(context.settings).timeZone });
}

/** SAP document categories that we have identifiers for. */
const categories = { C: 'erpSalesOrderId', J: 'deliveryId' } as const;

function documentFlow(state: Json, { context, loggedAt }: Reading): FactDraft | undefined {
  const parsed = checkedDocumentFlowEntity(state);
  if (!parsed.success) return undefined;
  const flow = parsed.data;
  const found: Record<string, string> = {};
  for (const [category, number] of [
    [flow.PrecedingDocumentCategory, flow.PrecedingDocument],
    [flow.SubsequentDocumentCategory, flow.Subsequentdocument],
  ]) {
    if (category === 'C' || category === 'J') found[categories[category]] = number ?? '';
  }
  return documentFact({
    type: 'org.reroute.delivery.changed.v1',
    context,
    code: {
      codeList: 'SubsequentDocumentCategory',
      status: flow.SubsequentDocumentCategory,
      text: `${flow.PrecedingDocument} is followed by ${flow.Subsequentdocument}`,
    },
    time: firstTime([loggedAt], context),
    dedupKey: contentKey('A_OutbDeliveryDocFlow', state),
    identifiers: identifiersOf(found),
  });
}
