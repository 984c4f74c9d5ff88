/** Sales orders and outbound deliveries as sets of rows, made from the order's master data on first touch. */
import { decimalText, type Order, type OrderLine, orderValueMinor, warehouses } from '../../core/masterdata';
import type { World } from '../../core/world';
import { canonicalKey, odataDate, type Row, type ServiceName, sameKey } from './model';

export interface Document {
  id: string;
  /** Grows with every change; the ETag shows it. */
  version: number;
  changedAt: number;
  /** Rows by entity set. */
  rows: Record<string, Row[]>;
}

const dayMs = 86_400_000;
const midnight = (instant: number) => Math.floor(instant / dayMs) * dayMs;
/** CustomerGroup is customised per company; the stand-in's customising is this. */
const customerGroups = { STANDARD: '01', PRIORITY: '02', STRATEGIC: '03' } as const;

export class Documents {
  private readonly world: World;
  private readonly stored = new Map<string, Document>();

  constructor(world: World) {
    this.world = world;
    world.onOrderChanged((orderNumber) => {
      this.stored.delete(`API_SALES_ORDER_SRV/${orderNumber}`);
      const order = world.order(orderNumber);
      if (order) this.stored.delete(`API_OUTBOUND_DELIVERY_SRV/${order.deliveryId}`);
    });
  }

  find(service: ServiceName, number: string): Document | undefined {
    const id = canonicalKey(number);
    const known = this.stored.get(`${service}/${id}`);
    if (known) return known;
    const order = service === 'API_SALES_ORDER_SRV' ? this.world.order(id) : this.world.orderOfDelivery(id);
    if (!order) return undefined;
    const rows =
      service === 'API_SALES_ORDER_SRV'
        ? salesOrderRows(order, this.world.today)
        : deliveryRows(order, this.world.today);
    const document = { id, version: 1, changedAt: this.world.today, rows };
    this.stored.set(`${service}/${id}`, document);
    return document;
  }

  replace(service: ServiceName, document: Document): void {
    this.stored.set(`${service}/${document.id}`, document);
  }

  /** Delivery of an order, for filters by reference document. */
  deliveryOfOrder(orderNumber: string): string | undefined {
    return this.world.order(orderNumber)?.deliveryId;
  }
}

function salesOrderRows(order: Order, today: number): Record<string, Row[]> {
  const promised = midnight(Date.parse(order.promisedDeliveryAt));
  const header: Row = {
    SalesOrder: order.orderNumber,
    SalesOrderType: 'OR',
    SalesOrganization: '1010',
    DistributionChannel: '10',
    OrganizationDivision: '00',
    SoldToParty: order.customerAccount,
    CreationDate: odataDate(today - dayMs),
    LastChangeDate: null,
    LastChangeDateTime: `/Date(${today}+0000)/`,
    // The customer's number is the one under which storefront and carriers know the order.
    PurchaseOrderByCustomer: order.orderNumber,
    SalesOrderDate: odataDate(today - dayMs),
    TotalNetAmount: minorText(orderValueMinor(order)),
    TransactionCurrency: order.currency,
    SDDocumentReason: '',
    RequestedDeliveryDate: odataDate(promised),
    ShippingCondition: '01',
    CompleteDeliveryIsDefined: order.shipComplete,
    HeaderBillingBlockReason: '',
    DeliveryBlockReason: '',
    IncotermsClassification: order.incoterm,
    IncotermsLocation1: order.namedPlace,
    AssignmentReference: '',
    CustomerGroup: customerGroups[order.slaTier],
    OverallDeliveryStatus: order.status === 'FULFILLED' ? 'C' : 'A',
    OverallSDProcessStatus: order.status === 'OPEN' ? 'A' : 'C',
    TotalBlockStatus: '',
  };
  return {
    A_SalesOrder: [header],
    A_SalesOrderItem: order.lines.map((line) => salesOrderItem(order, line)),
    A_SalesOrderScheduleLine: order.lines.map((line) => scheduleLine(order, line, promised)),
    A_SalesOrderText: [],
    A_SalesOrderItemText: [],
  };
}

function plantOf(order: Order): string {
  return warehouses.find(({ location }) => location === order.location)?.plant ?? '1010';
}

function salesOrderItem(order: Order, line: OrderLine): Row {
  return {
    SalesOrder: order.orderNumber,
    SalesOrderItem: line.lineId,
    SalesOrderItemCategory: 'TAN',
    SalesOrderItemText: line.item,
    Material: line.item,
    RequestedQuantity: line.quantity,
    RequestedQuantityUnit: line.uom,
    RequestedQuantityISOUnit: line.uom,
    ConfdDelivQtyInOrderQtyUnit: line.quantity,
    TransactionCurrency: order.currency,
    NetAmount: minorText(Math.round(Number(line.quantity) * line.unitPriceMinor)),
    ProductionPlant: plantOf(order),
    StorageLocation: '',
    DeliveryGroup: '0',
    ShippingPoint: plantOf(order),
    DeliveryPriority: String(order.customerPriority),
    SalesDocumentRjcnReason: '',
    ItemBillingBlockReason: '',
    SDProcessStatus: 'A',
    DeliveryStatus: 'A',
  };
}

function scheduleLine(order: Order, line: OrderLine, day: number): Row {
  return {
    SalesOrder: order.orderNumber,
    SalesOrderItem: line.lineId,
    ScheduleLine: '1',
    RequestedDeliveryDate: odataDate(day),
    ConfirmedDeliveryDate: odataDate(day),
    OrderQuantityUnit: line.uom,
    ScheduleLineOrderQuantity: line.quantity,
    ConfdOrderQtyByMatlAvailCheck: line.quantity,
    DeliveredQtyInOrderQtyUnit: '0',
    OpenConfdDelivQtyInOrdQtyUnit: line.quantity,
    DelivBlockReasonForSchedLine: '',
  };
}

function deliveryRows(order: Order, today: number): Record<string, Row[]> {
  const done = order.status === 'FULFILLED' ? 'C' : 'A';
  const header: Row = {
    DeliveryDocument: order.deliveryId,
    DeliveryDocumentType: 'LF',
    CreationDate: odataDate(today),
    LastChangeDate: null,
    DeliveryDate: odataDate(midnight(Date.parse(order.promisedDeliveryAt))),
    PlannedGoodsIssueDate: odataDate(today + dayMs),
    ActualGoodsMovementDate: null,
    PickingDate: odataDate(today),
    LoadingDate: odataDate(today + dayMs),
    TransportationPlanningDate: odataDate(today),
    BillOfLading: '',
    MeansOfTransport: '',
    ProposedDeliveryRoute: '',
    DeliveryPriority: String(order.customerPriority),
    DeliveryBlockReason: '',
    HeaderBillingBlockReason: '',
    IncotermsClassification: order.incoterm,
    OverallGoodsMovementStatus: done,
    OverallPickingStatus: done,
    OverallPackingStatus: done,
    ShippingPoint: plantOf(order),
    SoldToParty: order.customerAccount,
    ShipToParty: order.customerAccount,
  };
  const items = order.lines.map(
    (line): Row => ({
      DeliveryDocument: order.deliveryId,
      DeliveryDocumentItem: line.lineId,
      Material: line.item,
      ActualDeliveryQuantity: line.quantity,
      DeliveryQuantityUnit: line.uom,
      Batch: '',
      DeliveryDocumentItemText: line.item,
      StorageLocation: '',
      Plant: plantOf(order),
      PickingStatus: done,
      ReferenceSDDocument: order.orderNumber,
      ReferenceSDDocumentItem: line.lineId,
    }),
  );
  return { A_OutbDeliveryHeader: [header], A_OutbDeliveryItem: items, A_OutbDeliveryHeaderText: [] };
}

function minorText(minor: number): string {
  return (minor / 100).toFixed(2);
}

/** Schedule lines and item agree as in SAP: the item's quantity is the sum of its lines, and a new item quantity goes to the last line. */
export function balance(rows: Record<string, Row[]>, changed: Row, set: string): void {
  const item = rows.A_SalesOrderItem?.find((row) => sameKey(row.SalesOrderItem, changed.SalesOrderItem));
  const lines =
    rows.A_SalesOrderScheduleLine?.filter((row) => sameKey(row.SalesOrderItem, changed.SalesOrderItem)) ?? [];
  if (!item) return;
  const sum = lines.reduce((total, line) => total + Number(line.ScheduleLineOrderQuantity), 0);
  if (set === 'A_SalesOrderScheduleLine') item.RequestedQuantity = decimalText(sum);
  const last = lines.at(-1);
  if (set === 'A_SalesOrderItem' && last) {
    const rest = Number(last.ScheduleLineOrderQuantity) + Number(item.RequestedQuantity) - sum;
    last.ScheduleLineOrderQuantity = decimalText(Math.max(0, rest));
    last.ConfdOrderQtyByMatlAvailCheck = last.ScheduleLineOrderQuantity;
  }
}
