/** What all stand-in systems share: the orders as they are now, and what has been declared unknown. */
import {
  canonicalNumber,
  catalogue,
  generateOrder,
  type Order,
  type OrderOverride,
  orderOfDelivery,
} from './masterdata';

export interface WorldOptions {
  seed: number;
  /** Midnight UTC of the day the world begins, epoch milliseconds. */
  today: number;
}

export type UnknownKind = 'orders' | 'items' | 'shipments';

export class World {
  readonly seed: number;
  readonly today: number;
  private readonly orders = new Map<string, Order>();
  private readonly byDelivery = new Map<string, string>();
  private unknown: Record<UnknownKind, Set<string>> = {
    orders: new Set(),
    items: new Set(),
    shipments: new Set(),
  };
  private readonly listeners: ((orderNumber: string) => void)[] = [];

  constructor(options: WorldOptions) {
    this.seed = options.seed;
    this.today = options.today;
  }

  /** The order, made on first touch; undefined when it was declared unknown. */
  order(number: string): Order | undefined {
    const orderNumber = canonicalNumber(number);
    if (orderNumber === '' || this.unknown.orders.has(orderNumber)) return undefined;
    const known = this.orders.get(orderNumber);
    if (known) return known;
    return this.keep(generateOrder(this.seed, orderNumber, this.today));
  }

  orderOfDelivery(deliveryId: string): Order | undefined {
    const id = canonicalNumber(deliveryId);
    const number = this.byDelivery.get(id) ?? orderOfDelivery(id);
    const found = number === undefined ? undefined : this.order(number);
    return found?.deliveryId === id ? found : undefined;
  }

  /** Sets explicit data; every system forgets what it derived from the order before. */
  overrideOrder(number: string, override: OrderOverride): Order {
    const generated = generateOrder(this.seed, number, this.today);
    const given = Object.fromEntries(Object.entries(override).filter(([, value]) => value !== undefined));
    const kept = this.keep({ ...generated, ...given });
    for (const listener of this.listeners) listener(kept.orderNumber);
    return kept;
  }

  onOrderChanged(listener: (orderNumber: string) => void): void {
    this.listeners.push(listener);
  }

  declareUnknown(names: Partial<Record<UnknownKind, readonly string[]>>): void {
    this.unknown = {
      orders: new Set((names.orders ?? []).map(canonicalNumber)),
      items: new Set(names.items),
      shipments: new Set(names.shipments),
    };
  }

  knows(kind: UnknownKind, id: string): boolean {
    return !this.unknown[kind].has(id);
  }

  /** Items answer to their number and to their GTIN. */
  itemOf(name: string): string {
    return catalogue.find((entry) => entry.gtin === name)?.item ?? name;
  }

  private keep(value: Order): Order {
    this.orders.set(value.orderNumber, value);
    this.byDelivery.set(value.deliveryId, value.orderNumber);
    return value;
  }
}
