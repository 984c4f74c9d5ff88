/**
 * Entity sets of the two services, with the fields the stand-in keeps. Names, keys, navigations and what may be updated follow SAP's
 * API_SALES_ORDER_SRV and API_OUTBOUND_DELIVERY_SRV (https://api.sap.com/api/API_SALES_ORDER_SRV,
 * https://api.sap.com/api/OP_API_OUTBOUND_DELIVERY_SRV_0002); the values are made up.
 */
export type Value = string | boolean | null;
export type Row = Record<string, Value>;

export interface EntitySet {
  name: string;
  /** First key = the document that owns the row. */
  keys: readonly [string, ...string[]];
  updatable: readonly string[];
  /** True when rows can be posted and deleted. */
  creatable: boolean;
  deletable: boolean;
  /** Navigation name -> set; rows join on the keys of this set. */
  navigations: Readonly<Record<string, string>>;
}

export type ServiceName = 'API_SALES_ORDER_SRV' | 'API_OUTBOUND_DELIVERY_SRV';

const lineKeys = ['SalesOrder', 'SalesOrderItem'] as const;

export const services: Readonly<Record<ServiceName, readonly EntitySet[]>> = {
  API_SALES_ORDER_SRV: [
    {
      name: 'A_SalesOrder',
      keys: ['SalesOrder'],
      updatable: [
        'PurchaseOrderByCustomer',
        'SDDocumentReason',
        'RequestedDeliveryDate',
        'ShippingCondition',
        'CompleteDeliveryIsDefined',
        'HeaderBillingBlockReason',
        'DeliveryBlockReason',
        'IncotermsClassification',
        'IncotermsLocation1',
        'AssignmentReference',
        'CustomerGroup',
      ],
      creatable: false,
      deletable: false,
      navigations: { to_Item: 'A_SalesOrderItem', to_Text: 'A_SalesOrderText' },
    },
    {
      name: 'A_SalesOrderItem',
      keys: lineKeys,
      updatable: [
        'SalesOrderItemText',
        'Material',
        'RequestedQuantity',
        'RequestedQuantityUnit',
        'ProductionPlant',
        'StorageLocation',
        'DeliveryGroup',
        'ShippingPoint',
        'DeliveryPriority',
        'SalesDocumentRjcnReason',
        'ItemBillingBlockReason',
      ],
      creatable: true,
      deletable: true,
      navigations: { to_ScheduleLine: 'A_SalesOrderScheduleLine', to_Text: 'A_SalesOrderItemText' },
    },
    {
      name: 'A_SalesOrderScheduleLine',
      keys: [...lineKeys, 'ScheduleLine'],
      updatable: [
        'RequestedDeliveryDate',
        'ConfirmedDeliveryDate',
        'OrderQuantityUnit',
        'ScheduleLineOrderQuantity',
        'ConfdOrderQtyByMatlAvailCheck',
        'DelivBlockReasonForSchedLine',
      ],
      creatable: true,
      deletable: true,
      navigations: {},
    },
    {
      name: 'A_SalesOrderText',
      keys: ['SalesOrder', 'Language', 'LongTextID'],
      updatable: ['LongText'],
      creatable: true,
      deletable: true,
      navigations: {},
    },
    {
      name: 'A_SalesOrderItemText',
      keys: [...lineKeys, 'Language', 'LongTextID'],
      updatable: ['LongText'],
      creatable: true,
      deletable: true,
      navigations: {},
    },
  ],
  API_OUTBOUND_DELIVERY_SRV: [
    {
      name: 'A_OutbDeliveryHeader',
      keys: ['DeliveryDocument'],
      updatable: [
        'ActualGoodsMovementDate',
        'BillOfLading',
        'DeliveryBlockReason',
        'DeliveryDate',
        'DeliveryPriority',
        'IncotermsClassification',
        'LoadingDate',
        'MeansOfTransport',
        'PickingDate',
        'PlannedGoodsIssueDate',
        'ProposedDeliveryRoute',
        'TransportationPlanningDate',
      ],
      creatable: false,
      deletable: false,
      navigations: {
        to_DeliveryDocumentItem: 'A_OutbDeliveryItem',
        to_DeliveryDocumentText: 'A_OutbDeliveryHeaderText',
      },
    },
    {
      name: 'A_OutbDeliveryItem',
      keys: ['DeliveryDocument', 'DeliveryDocumentItem'],
      updatable: ['ActualDeliveryQuantity', 'Batch', 'DeliveryDocumentItemText', 'StorageLocation'],
      creatable: false,
      deletable: true,
      navigations: {},
    },
    {
      name: 'A_OutbDeliveryHeaderText',
      keys: ['DeliveryDocument', 'TextElement', 'Language'],
      updatable: ['TextElementText'],
      creatable: true,
      deletable: true,
      navigations: {},
    },
  ],
};

/** OData v2 JSON writes a day as milliseconds of its midnight in UTC (https://www.odata.org/documentation/odata-version-2-0/json-format/). */
export function odataDate(epochMs: number): string {
  return `/Date(${epochMs})/`;
}

/** Keys compare as SAP's conversion exit reads them: `000010` is `10`. */
export function sameKey(left: unknown, right: unknown): boolean {
  return canonicalKey(left) === canonicalKey(right);
}

export function canonicalKey(value: unknown): string {
  const text = String(value ?? '');
  return /^\d+$/.test(text) ? text.replace(/^0+(?=\d)/, '') : text;
}
