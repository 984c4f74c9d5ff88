/**
 * The operation set that every ERP offers: read an order, change its lines and dates, split or reject, block and release, note, evidence.
 * `from` and `quantity` are what the decision was made on: an order that says something else by now is not changed.
 */
import { z } from 'zod';
import { contract } from './contract';
import { erpDocumentContracts } from './erp-documents';

const order = z.string().min(1).max(60).describe('Sales order number in the ERP');
const line = z.string().min(1).max(60).describe('Line as readOrder names it');
const schedule = z
  .string()
  .min(1)
  .max(60)
  .optional()
  .describe('Schedule line, where the ERP has several a line');
const decimal = z.string().regex(/^\d+(\.\d+)?$/);
const amount = decimal.describe('Quantity in the unit of the line, decimal text');
const day = z.iso.date().describe('Calendar day');

export const scheduleLine = z.object({
  schedule: z.string(),
  quantity: z.string(),
  confirmedQuantity: z.string().optional(),
  date: z.string().optional().describe('Calendar day'),
});
export const orderLine = z.object({
  line: z.string(),
  item: z.string().optional().describe('Material or product number'),
  quantity: z.string().describe('Ordered, decimal text'),
  deliveredQuantity: z.string().optional(),
  unit: z.string().optional().describe('Unit as the ERP writes it'),
  location: z.string().optional().describe('Plant, site or warehouse'),
  rejected: z.boolean(),
  schedules: z.array(scheduleLine).describe('One where the ERP has no schedule lines'),
});
export const erpOrder = z.object({
  order: z.string(),
  customerAccount: z.string().optional(),
  customerReference: z.string().optional().describe("The customer's own order number"),
  netAmount: z.string().optional().describe('Decimal text'),
  currency: z.string().optional(),
  requestedDate: z.string().optional().describe('Calendar day'),
  shipComplete: z
    .boolean()
    .optional()
    .describe('True when everything goes at once or nothing; absent where the ERP does not tell'),
  deliveryBlock: z
    .string()
    .optional()
    .describe('Reason, empty when not blocked; absent where the ERP does not tell'),
  billingBlock: z
    .string()
    .optional()
    .describe('Reason, empty when not blocked; absent where the ERP does not tell'),
  lines: z.array(orderLine),
});
export type ErpOrder = z.infer<typeof erpOrder>;

export const readOrder = contract({
  id: 'readOrder',
  kind: 'erp',
  input: z.object({ order }),
  output: erpOrder,
  example: { order: '4711' },
});

/** For who knows only the customer's number; verification reads the notes here. */
export const findOrder = contract({
  id: 'findOrder',
  kind: 'erp',
  input: z.object({
    order: order.optional(),
    customerReference: z.string().min(1).max(200).optional().describe("The customer's own order number"),
  }),
  output: z.object({
    orders: z
      .array(erpOrder.extend({ notes: z.array(z.string()) }))
      .describe('Several orders may share a customer reference'),
  }),
  example: { order: '4711', customerReference: 'PO-1' },
});

export const readDelivery = contract({
  id: 'readDelivery',
  kind: 'erp',
  input: z.object({ delivery: z.string().min(1).max(60).describe('Delivery or shipment number in the ERP') }),
  output: z.object({
    delivery: z.string(),
    deliveryBlock: z.string(),
    shipped: z.boolean().describe('Goods issue posted'),
    lines: z.array(
      z.object({
        line: z.string(),
        item: z.string().optional(),
        quantity: z.string(),
        unit: z.string().optional(),
        order: z.string().optional(),
        orderLine: z.string().optional(),
      }),
    ),
  }),
  example: { delivery: '80004711' },
});

export const changeLineQuantity = contract({
  id: 'changeLineQuantity',
  kind: 'erp',
  input: z.object({
    order,
    line,
    from: amount.describe('Quantity the decision was made on'),
    to: amount.describe('New quantity'),
  }),
  output: z.object({ order: z.string(), line: z.string(), quantity: z.string() }),
  example: { order: '4711', line: '10', from: '10', to: '7' },
});

/** Whole lines ship from another place; a part of a line is split first. */
export const changeLocation = contract({
  id: 'changeLocation',
  kind: 'erp',
  input: z.object({
    order,
    lines: z
      .array(
        z.object({
          line,
          from: z
            .string()
            .min(1)
            .max(60)
            .describe('Location the decision was made on, as readOrder names it'),
          to: z.string().min(1).max(60),
        }),
      )
      .min(1)
      .max(200),
  }),
  output: z.object({
    order: z.string(),
    lines: z.array(z.object({ line: z.string(), location: z.string() })),
  }),
  example: { order: '4711', lines: [{ line: '10', from: '1010', to: '1020' }] },
});

export const changeDeliveryQuantity = contract({
  id: 'changeDeliveryQuantity',
  kind: 'erp',
  input: z.object({
    delivery: z.string().min(1).max(60).describe('Delivery or shipment number in the ERP'),
    line: z.string().min(1).max(60).describe('Line of the delivery, as readDelivery names it'),
    from: amount.describe('Quantity the decision was made on'),
    to: amount.describe('0 takes the line out of this delivery'),
  }),
  output: z.object({ delivery: z.string(), line: z.string(), quantity: z.string() }),
  example: { delivery: '80004711', line: '10', from: '10', to: '7' },
});

const scheduled = z.object({ quantity: amount, date: day });
export const changeSchedule = contract({
  id: 'changeSchedule',
  kind: 'erp',
  input: z.object({ order, line, schedule, from: scheduled, to: scheduled }),
  output: z.object({
    order: z.string(),
    line: z.string(),
    schedule: z.string(),
    quantity: z.string(),
    date: z.string(),
  }),
  example: {
    order: '4711',
    line: '10',
    schedule: '1',
    from: { quantity: '10', date: '2026-03-02' },
    to: { quantity: '10', date: '2026-03-09' },
  },
});

/** Split or backorder: part goes as planned, the rest later. */
export const splitLine = contract({
  id: 'splitLine',
  kind: 'erp',
  input: z.object({
    order,
    line,
    schedule,
    quantity: amount.describe('Quantity now'),
    keepQuantity: amount.describe('What goes out as planned; 0 backorders everything'),
    laterDate: day,
  }),
  output: z.object({
    order: z.string(),
    line: z.string(),
    keepQuantity: z.string(),
    laterQuantity: z.string(),
    laterDate: z.string(),
    laterLine: z.string().describe('Line or schedule line that holds the rest; mergeLine takes it'),
  }),
  example: {
    order: '4711',
    line: '10',
    schedule: '1',
    quantity: '10',
    keepQuantity: '7',
    laterDate: '2026-03-09',
  },
});

/** The way back of splitLine. */
export const mergeLine = contract({
  id: 'mergeLine',
  kind: 'erp',
  input: z.object({
    order,
    line,
    schedule,
    keptQuantity: amount,
    laterLine: z.string().min(1).max(60),
    quantity: amount.describe('Quantity after the merge'),
  }),
  output: z.object({ order: z.string(), line: z.string(), quantity: z.string() }),
  example: { order: '4711', line: '10', schedule: '1', keptQuantity: '7', laterLine: '2', quantity: '10' },
});

export const rejectLine = contract({
  id: 'rejectLine',
  kind: 'erp',
  input: z.object({
    order,
    line,
    reason: z.string().max(60).describe('Reason as the ERP codes it; empty takes a rejection back'),
  }),
  output: z.object({
    order: z.string(),
    line: z.string(),
    rejected: z.boolean(),
    previousReason: z.string(),
  }),
  example: { order: '4711', line: '10', reason: '50' },
});

export const erpContracts = [
  readOrder,
  findOrder,
  readDelivery,
  changeLineQuantity,
  changeLocation,
  changeDeliveryQuantity,
  changeSchedule,
  splitLine,
  mergeLine,
  rejectLine,
  ...erpDocumentContracts,
];
