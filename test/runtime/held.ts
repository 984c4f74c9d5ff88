/** What the stand-in systems hold of one order, asked of the systems themselves. */
import assert from 'node:assert/strict';
import type { Shipment } from '../../sandbox/traffic';
import { waitUntil } from '../support';
import type { BookEntry, CaseItem, Scene } from './scene';

interface Rows {
  results: Record<string, string>[];
}
interface SalesOrder {
  items: Record<string, string>[];
  schedules: Record<string, string>[];
  notes: string;
}
interface Booking {
  id: string;
  state: string;
  reference: string;
  carrier: string;
  etaAt: string;
  pickupAt: string;
  from?: { city?: string };
}
interface Detail {
  case: CaseItem & { context: Record<string, unknown>; identifiers: unknown };
  effects: Record<'key' | 'step' | 'partner' | 'operation' | 'safety' | 'state', string>[];
  deadLetters: { code?: string; reason?: { code: string } }[];
}

export class Held {
  constructor(
    private readonly scene: Scene,
    private readonly shipment: Shipment,
  ) {}

  private get number(): string {
    return this.shipment.order.orderNumber;
  }

  async salesOrder(): Promise<SalesOrder> {
    const path = `/erp/sap/opu/odata/sap/API_SALES_ORDER_SRV/A_SalesOrder('${this.number}')?$expand=to_Item,to_Item/to_ScheduleLine,to_Text`;
    const { d } = await this.scene.sandboxGet<{ d: Record<string, Rows> }>(path);
    const items = d.to_Item?.results ?? [];
    return {
      items,
      schedules: items.flatMap((item) => (item.to_ScheduleLine as unknown as Rows).results),
      notes: (d.to_Text?.results ?? []).map(({ LongText }) => LongText).join('\n'),
    };
  }

  /** `quantity on day`, one a schedule line. */
  async schedule(line = '10'): Promise<string[]> {
    const { schedules } = await this.salesOrder();
    return schedules
      .filter(({ SalesOrderItem }) => SalesOrderItem === line)
      .map((row) => `${row.ScheduleLineOrderQuantity} on ${dayOf(row.RequestedDeliveryDate ?? '')}`);
  }

  async plants(): Promise<(string | undefined)[]> {
    return (await this.salesOrder()).items.map(({ ProductionPlant }) => ProductionPlant);
  }

  async delivery(): Promise<{ block: string; quantities: (string | undefined)[] }> {
    const path = `/erp/sap/opu/odata/sap/API_OUTBOUND_DELIVERY_SRV/A_OutbDeliveryHeader('${this.shipment.order.deliveryId}')?$expand=to_DeliveryDocumentItem`;
    const { d } = await this.scene.sandboxGet<{
      d: { DeliveryBlockReason: string; to_DeliveryDocumentItem: Rows };
    }>(path);
    const rows = d.to_DeliveryDocumentItem.results;
    return {
      block: d.DeliveryBlockReason,
      quantities: rows.map(({ ActualDeliveryQuantity }) => ActualDeliveryQuantity),
    };
  }

  async booking(id: string): Promise<Booking> {
    return this.scene.sandboxGet(`/tms/bookings/${id}`);
  }

  /** The booking that the order had when the world began. */
  async firstBooking(): Promise<Booking> {
    return this.booking(`BK-${this.number}`);
  }

  /** Bookings that were made since, as they stand now. */
  async newBookings(): Promise<Booking[]> {
    const made = (await this.effects()).filter(({ operation }) => operation === 'book');
    const found = made.map(({ reference }) =>
      this.scene.sandboxGet<{ items: Booking[] }>(`/tms/bookings?reference=${reference}`),
    );
    return (await Promise.all(found)).flatMap(({ items }) => items);
  }

  /** `onHand/available` of an item at a location. */
  async stock(item: string, location: string): Promise<string> {
    const { locations } = await this.scene.sandboxGet<{
      locations: { location: string; onHand: string; available: string }[];
    }>(`/wms/stock/${item}`);
    const place = locations.find((one) => one.location === location);
    return `${place?.onHand}/${place?.available}`;
  }

  async shopEta(): Promise<string | null> {
    return (await this.scene.sandboxGet<{ etaAt: string | null }>(`/storefront/orders/${this.number}/eta`))
      .etaAt;
  }

  async crmEta(): Promise<string | null> {
    return (await this.scene.sandboxGet<{ etaAt: string | null }>(`/desk/accounts/orders/${this.number}/eta`))
      .etaAt;
  }

  async notices(): Promise<string[]> {
    const { items } = await this.scene.sandboxGet<{ items: { template: string }[] }>(
      `/storefront/orders/${this.number}/notices`,
    );
    return items.map(({ template }) => template);
  }

  /** Priorities of the tickets about a case: of its own, and of the one that asks for a person. */
  async tickets({ id }: CaseItem): Promise<{ service: string[]; person: string[] }> {
    const under = async (key: string) =>
      (
        await this.scene.sandboxGet<{ items: { priority: string }[] }>(`/desk/tickets?externalKey=${key}`)
      ).items.map(({ priority }) => priority);
    return { service: await under(id), person: await under(`${id}-person`) };
  }

  /** What took effect for this order, oldest first. */
  async effects(): Promise<BookEntry[]> {
    const mine = [this.number, ...(await this.caseIds())];
    const all = (await this.scene.book()).filter(({ outcome }) => outcome === 'effect');
    const direct = all.filter((entry) => mine.some((word) => mentions(entry, word)));
    // A cancellation names the booking only, a reservation given back only itself.
    const ids = await this.madeIds();
    return all.filter(
      (entry) => direct.includes(entry) || ids.some((id) => entry.target.split('/').includes(id)),
    );
  }

  /** `system operation`, oldest first. */
  async deeds(): Promise<string[]> {
    return (await this.effects()).map(({ system, operation }) => `${system} ${operation}`);
  }

  /** What the warehouse was told to pick. */
  async released(): Promise<unknown[]> {
    const releases = (await this.effects()).filter(({ operation }) => operation === 'release');
    return releases.map(({ body }) =>
      (body as { lines: { lineId: string; quantity: { value: string } }[] }).lines.map(
        ({ lineId, quantity }) => `${lineId}: ${quantity.value}`,
      ),
    );
  }

  /** The case of this order, as soon as it stands in one of the states. */
  async caseIn(states: string[], timeoutMs = 20_000): Promise<CaseItem> {
    return waitUntil(
      async () => {
        const found = await this.cases();
        const there = found.find(({ state }) => states.includes(state));
        if (there) return there;
        throw new Error(`order ${this.number}: ${found.map(({ state }) => state).join() || 'no case'}`);
      },
      { what: `the case of order ${this.number}`, timeoutMs, everyMs: 50 },
    );
  }

  async detail({ id }: CaseItem): Promise<Detail> {
    return this.scene.get(`/api/v1/cases/${id}`);
  }

  async cases(): Promise<CaseItem[]> {
    return (await this.scene.cases()).filter((item) =>
      item.identifiers.orderNumber?.some(({ value }) => value === this.number),
    );
  }

  private async caseIds(): Promise<string[]> {
    return (await this.cases()).map(({ id }) => id);
  }

  private async madeIds(): Promise<string[]> {
    const details = await Promise.all((await this.cases()).map((item) => this.detail(item)));
    return details.flatMap(({ effects }) =>
      effects.flatMap((effect) => Object.values(effect).flatMap(idsIn)),
    );
  }
}

/** Bookings and reservations in what an effect recorded. */
function idsIn(value: unknown): string[] {
  return [...(JSON.stringify(value ?? null).match(/\b(BK-[N\d]+|RSV-\d+)\b/g) ?? [])];
}

const mentions = ({ target, body }: BookEntry, word: string) => JSON.stringify([target, body]).includes(word);

/** The calendar day of an OData date. */
export function dayOf(text: string): string {
  const instant = Number(/\((\d+)\)/.exec(text)?.[1]);
  assert.ok(Number.isFinite(instant), text);
  return new Date(instant).toISOString().slice(0, 10);
}

/** The calendar day so many days from an instant. */
export const dayAfter = (from: number, days: number) =>
  new Date(from + days * 86_400_000).toISOString().slice(0, 10);
