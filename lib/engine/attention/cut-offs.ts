/** Tells, before a warehouse's cut-off, how many of its orders still have an open case: `17:00 pickup in 40 min: 18 orders`. */
import type { Lease } from '../../ledger/port';
import type { AlertSeed } from '../../model/alert';
import { type BusinessCalendar, everyOtherRegion, type NextCutOff, nextCutOffs } from '../../model/calendar';
import { type CaseState, openStates } from '../../model/case';
import type { Milestone } from '../../model/fact';
import { partitionOf } from '../../model/keys';
import { exceptionKinds } from '../../model/taxonomy';
import type { EngineDeps } from '../deps';
import type { Alerts } from './alerts';
import type { Watch } from './sweep';

/** Cases that one alert counts: 10 pages of 200; above that it says "more than". */
const maxPages = 10;
const pageSize = 200;
/** Cases named in the alert's detail. */
const named = 50;

interface Place {
  region: string;
  warehouse: string | undefined;
  calendar: BusinessCalendar;
  /** Warehouses of the region that have a calendar of their own: the region's default does not count them. */
  others: ReadonlySet<string>;
}

export class CutOffs implements Watch {
  readonly name = 'cut-offs';

  constructor(
    private readonly deps: EngineDeps,
    private readonly alerts: Alerts,
  ) {}

  async round(leases: readonly Lease[]): Promise<void> {
    const now = this.deps.now();
    const mine = new Set(leases.map(({ partition }) => partition));
    for (const place of this.places()) {
      for (const cutOff of nextCutOffs(place.calendar, now)) {
        const key = keyOf(place, cutOff);
        if (!mine.has(partitionOf(key, this.deps.ledger.partitions)) || (await this.told(key))) continue;
        const waiting = await this.waiting(place, cutOff);
        if (waiting.length > 0)
          await this.alerts.raise(alertOf(place, cutOff, waiting, this.deps.newId(), key, now));
      }
    }
    await this.resolvePast(now);
  }

  private *places(): Generator<Place> {
    for (const [region, { default: calendar, warehouses }] of this.deps.calendars ?? []) {
      const others = new Set(Object.keys(warehouses));
      yield { region, warehouse: undefined, calendar, others };
      for (const [warehouse, own] of Object.entries(warehouses))
        yield { region, warehouse, calendar: own, others: new Set() };
    }
  }

  /** Once for each warning of each day, also when nobody has closed it yet or it was resolved early. */
  private async told(key: string): Promise<boolean> {
    for await (const alert of this.alerts.open('cut-off')) if (alert.key === key) return true;
    return false;
  }

  /** Open cases of the place whose goods have not left yet. */
  private async waiting(
    { region, warehouse, others }: Place,
    { carriers }: NextCutOff,
  ): Promise<CaseState[]> {
    const found: CaseState[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < maxPages; page += 1) {
      const { items, nextCursor } = await this.deps.ledger.cases(
        {
          state: [...openStates],
          ...(region === everyOtherRegion ? {} : { region }),
          ...(warehouse === undefined ? {} : { warehouse }),
        },
        { limit: pageSize, ...(cursor === undefined ? {} : { cursor }) },
      );
      for (const state of items) {
        if (state.warehouse !== undefined && others.has(state.warehouse)) continue;
        if (region === everyOtherRegion && this.deps.calendars?.has(state.region ?? '')) continue;
        if (exceptionKinds[state.code].nature === 'technical' || !goesBy(state, carriers)) continue;
        const shipment = await this.deps.ledger.shipment(state.subject);
        if (!hasLeft(shipment?.view.milestone)) found.push(state);
      }
      if (nextCursor === null) break;
      cursor = nextCursor;
    }
    return found;
  }

  private async resolvePast(now: number): Promise<void> {
    const over: string[] = [];
    for await (const { key, detail } of this.alerts.open('cut-off')) {
      if (typeof detail?.cutOffAt !== 'number' || detail.cutOffAt <= now) over.push(key);
    }
    if (over.length > 0) await this.alerts.resolve(over);
  }
}

const inTheHouse: ReadonlySet<Milestone | undefined> = new Set<Milestone | undefined>([
  undefined,
  'ORDER_RELEASED',
  'BOOKED',
  'LABEL_CREATED',
  'PRE_TRANSIT',
  'PICKED',
  'PACKED',
]);
const hasLeft = (milestone: Milestone | undefined): boolean => !inTheHouse.has(milestone);

function goesBy({ identifiers }: CaseState, carriers: readonly string[]): boolean {
  const named = (identifiers.trackingNumber ?? []).map(({ carrier }) => carrier.toLowerCase());
  return (
    carriers.length === 0 ||
    named.length === 0 ||
    carriers.some((carrier) => named.includes(carrier.toLowerCase()))
  );
}

const keyOf = ({ region, warehouse }: Place, { name, at, warnMinutes }: NextCutOff): string =>
  `cut-off|${region}|${warehouse ?? ''}|${name}|${at}|${warnMinutes}`;

/** Orders, not cases: one order with two exceptions is one that may not leave. */
function ordersOf(states: readonly CaseState[]): Set<string> {
  return new Set(states.map(({ identifiers, subject }) => identifiers.orderNumber?.[0]?.value ?? subject));
}

function alertOf(
  place: Place,
  cutOff: NextCutOff,
  waiting: readonly CaseState[],
  id: string,
  key: string,
  now: number,
): AlertSeed {
  const orders = ordersOf(waiting).size;
  const minutes = Math.max(1, Math.round((cutOff.at - now) / 60_000));
  const where = place.warehouse ?? place.region;
  const more = waiting.length >= maxPages * pageSize ? 'more than ' : '';
  const title = `${cutOff.name} in ${minutes} min: ${more}${orders} ${orders === 1 ? 'order' : 'orders'}`;
  return {
    ...{ id, key, title, kind: 'business', rule: 'cut-off', severity: 'S2', region: place.region, at: now },
    message: `${title}. At ${where} it is ${cutOff.localTime} (${place.calendar.zone}); what has an open case then does not leave today.`,
    detail: {
      cutOffAt: cutOff.at,
      localTime: cutOff.localTime,
      zone: place.calendar.zone,
      orders,
      cases: waiting.slice(0, named).map(({ id: caseId }) => caseId),
      ...(place.warehouse === undefined ? {} : { warehouse: place.warehouse }),
    },
  };
}
