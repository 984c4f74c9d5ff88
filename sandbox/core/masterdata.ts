/**
 * Master data that exists as soon as somebody asks for it: every order number is an order, every item has stock, always the same for
 * the same seed. The stand-in systems and the traffic generator share it, so an event about order 4711 fits what the ERP says of it.
 */
import { z } from 'zod';
import { digits, integer, pick, type Random, streamOf } from './random';

/** Where all worlds begin unless told otherwise. */
export const defaultSeed = 20_260;

export const tiers = ['STANDARD', 'PRIORITY', 'STRATEGIC'] as const;

const decimal = z.string().regex(/^\d+(\.\d{1,3})?$/);

export const orderLine = z.strictObject({
  lineId: z.string().min(1),
  item: z.string().min(1),
  /** Ordered quantity, decimal text. */
  quantity: decimal,
  /** UNECE Rec 20. */
  uom: z.string().min(2).max(3),
  /** Net price of one unit in minor units. */
  unitPriceMinor: z.int().min(0),
});
export type OrderLine = z.infer<typeof orderLine>;

export const address = z.strictObject({
  name: z.string(),
  street: z.string(),
  city: z.string(),
  postalCode: z.string(),
  country: z.string().length(2),
});
export type Address = z.infer<typeof address>;

export const order = z.strictObject({
  orderNumber: z.string().min(1).max(40),
  deliveryId: z.string().min(1),
  shipmentId: z.string().min(1),
  customerAccount: z.string().min(1),
  /** 1 is the highest. */
  customerPriority: z.int().min(1).max(5),
  slaTier: z.enum(tiers),
  allowsPartial: z.boolean(),
  shipComplete: z.boolean(),
  status: z.enum(['OPEN', 'FULFILLED', 'CANCELLED']),
  /** RFC 3339. */
  promisedDeliveryAt: z.iso.datetime({ offset: true }),
  currency: z.string().length(3),
  incoterm: z.string().length(3),
  namedPlace: z.string(),
  /** Warehouse that ships it. */
  location: z.string(),
  carrier: z.enum(['ups', 'fedex', 'easypost']),
  to: address,
  /** True when the customer wants no notices. */
  noNotices: z.boolean(),
  lines: z.array(orderLine).min(1).max(100),
});
export type Order = z.infer<typeof order>;

/** `PUT /_admin/orders/{n}`: what differs from the generated order. */
export const orderOverride = order.omit({ orderNumber: true }).partial();
export type OrderOverride = z.infer<typeof orderOverride>;

export const warehouses = [
  {
    location: 'DC-HAM',
    plant: '1010',
    shippingPoint: '1010',
    address: place('DC Hamburg', 'Veddeler Damm 14', 'Hamburg', '20457', 'DE'),
  },
  {
    location: 'DC-LYS',
    plant: '1020',
    shippingPoint: '1020',
    address: place('DC Lyon', 'Rue du Rhone 3', 'Lyon', '69007', 'FR'),
  },
  {
    location: 'DC-CLT',
    plant: '1710',
    shippingPoint: '1710',
    address: place('DC Charlotte', '100 Depot Road', 'Charlotte', '28208', 'US'),
  },
] as const;

const destinations: readonly [Address, ...Address[]] = [
  place('Nordlicht Handel GmbH', 'Lange Strasse 1', 'Bremen', '28195', 'DE'),
  place('Atelier Voltaire SARL', 'Cours Lafayette 88', 'Lyon', '69003', 'FR'),
  place('Harbor Supply Inc', '179 Bay Drive', 'Savannah', '31401', 'US'),
  place('Blue Ridge Outfitters', '12 Main Street', 'Asheville', '28801', 'US'),
];

function place(name: string, street: string, city: string, postalCode: string, country: string): Address {
  return { name, street, city, postalCode, country };
}

/** Forty items; GTINs lie in GS1's prefix 952, which is kept for demonstrations (https://www.gs1.org/standards/id-keys/company-prefix). */
export const catalogue = Array.from({ length: 40 }, (_, index) => {
  const number = 1001 + index;
  return {
    item: `SKU-${number}`,
    gtin: withCheckDigit(`095200000${number}`),
    unitPriceMinor: 990 + 510 * index,
  };
});
export type CatalogueItem = (typeof catalogue)[number];

/** GS1 check digit (weights 3 and 1 from the right) appended. */
export function withCheckDigit(body: string): string {
  const sum = [...body]
    .reverse()
    .reduce((total, digit, index) => total + Number(digit) * (index % 2 === 0 ? 3 : 1), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

/** Leading zeros of a numeric number say nothing in SAP (conversion exit ALPHA): `0000004711` is `4711`. */
export function canonicalNumber(value: string): string {
  return /^\d+$/.test(value) ? value.replace(/^0+(?=\d)/, '') : value;
}

/** `8` and nine digits for a numeric order number, so that a delivery leads back to its order. */
function deliveryOf(orderNumber: string, random: Random): string {
  return /^\d{1,9}$/.test(orderNumber) ? `8${orderNumber.padStart(9, '0')}` : `9${digits(random, 9)}`;
}

/** The order that a generated delivery number stands for. */
export function orderOfDelivery(deliveryId: string): string | undefined {
  return /^8\d{9}$/.test(deliveryId) ? canonicalNumber(deliveryId.slice(1)) : undefined;
}

/** @param today midnight UTC of the day the world began, epoch milliseconds: promises lie one to six days after it */
export function generateOrder(seed: number, number: string, today: number): Order {
  const orderNumber = canonicalNumber(number);
  const random = streamOf(seed, 'order', orderNumber);
  const tier = random();
  const allowsPartial = random() < 0.7;
  const warehouse = pick(random, [...warehouses] as [
    (typeof warehouses)[number],
    ...(typeof warehouses)[number][],
  ]);
  const to = pick(random, destinations);
  const promised = today + integer(random, 1, 6) * 86_400_000 + 17 * 3_600_000;
  return {
    orderNumber,
    deliveryId: deliveryOf(orderNumber, random),
    shipmentId: `SHP-${orderNumber}`,
    customerAccount: `C-${integer(random, 100, 999)}`,
    customerPriority: integer(random, 1, 5),
    slaTier: tier < 0.6 ? 'STANDARD' : tier < 0.9 ? 'PRIORITY' : 'STRATEGIC',
    allowsPartial,
    shipComplete: !allowsPartial,
    status: 'OPEN',
    promisedDeliveryAt: new Date(promised).toISOString(),
    currency: to.country === 'US' ? 'USD' : 'EUR',
    incoterm: pick(random, ['DAP', 'DDP', 'FCA']),
    namedPlace: to.city,
    location: warehouse.location,
    carrier: pick(random, ['ups', 'fedex', 'easypost']),
    to,
    noNotices: random() < 0.05,
    lines: generateLines(random),
  };
}

function generateLines(random: Random): OrderLine[] {
  const first = integer(random, 0, catalogue.length - 1);
  return Array.from({ length: integer(random, 1, 4) }, (_, index) => {
    const entry = catalogue[(first + index * 7) % catalogue.length] as CatalogueItem;
    const quantity = String(integer(random, 2, 24));
    return {
      lineId: String((index + 1) * 10),
      item: entry.item,
      quantity,
      uom: 'EA',
      unitPriceMinor: entry.unitPriceMinor,
    };
  });
}

/** Stock of an item by location: one place in six has none, so that every outcome of a short pick occurs. */
export function generateStock(seed: number, item: string): Map<string, number> {
  const random = streamOf(seed, 'stock', item);
  return new Map(
    warehouses.map(({ location }) => [location, random() < 1 / 6 ? 0 : integer(random, 5, 120)]),
  );
}

/** Net value of an order in minor units. */
export function orderValueMinor(value: Order): number {
  return value.lines.reduce((sum, line) => sum + Math.round(Number(line.quantity) * line.unitPriceMinor), 0);
}

/** Decimal text without binary noise; three places are enough for every unit used here. */
export function decimalText(value: number): string {
  return String(Number(value.toFixed(3)));
}

/** Warehouses are named plainly or by a URI that ends in the name, as in EPCIS events. */
export function locationOf(name: string): string {
  return name.split(/[/:]/).at(-1) ?? name;
}
