/** The walk through identifier links: from any identifier to every subject of the same order or shipment. */
import type { CaseQueries, IdentifierLink } from '../../ledger/cases';
import { normalizeIdentifier, sharedIdentifierKinds } from '../../model/keys';

export interface Walk {
  /** Subjects that carry the identifier itself. */
  roots: string[];
  /** Every subject that was reached, the roots first. */
  subjects: string[];
  links: IdentifierLink[];
  /** Subjects that share a container or a reused tracking number, but belong to other orders; not walked into. */
  related: string[];
  /** True when the walk ended at its bounds. */
  truncated: boolean;
}

export interface WalkLimits {
  subjects: number;
  links: number;
  rounds: number;
}
export const walkLimits: WalkLimits = { subjects: 200, links: 5_000, rounds: 12 };

/** Name what several orders travel in: reaching another order through them does not make it the same order. */
const containerKinds: ReadonlySet<string> = new Set(['asnId', 'bolNumber']);
const orderKinds: ReadonlySet<string> = new Set(['orderNumber', 'erpSalesOrderId', 'deliveryId']);

type Links = Pick<CaseQueries, 'subjectsOf' | 'linksOf'>;

/** @param identifier any identifier as people write it, or a subject key */
export async function walkIdentifiers(
  ledger: Links,
  identifier: string,
  limits: WalkLimits = walkLimits,
): Promise<Walk> {
  const normalized = normalizeIdentifier(identifier);
  const [hits, own] = await Promise.all([
    normalized === '' ? [] : ledger.subjectsOf([normalized]),
    ledger.linksOf([identifier]),
  ]);
  const walker = new Walker(ledger, limits);
  const roots = [...new Set([...hits, ...own].map((link) => link.subject))];
  return walker.walk(roots);
}

class Walker {
  private readonly subjects = new Set<string>();
  private readonly related = new Set<string>();
  private readonly links = new Map<string, IdentifierLink>();
  /** Tokens that were looked up, by key. */
  private readonly asked = new Set<string>();
  private readonly orders = new Set<string>();
  private truncated = false;

  constructor(
    private readonly ledger: Links,
    private readonly limits: WalkLimits,
  ) {}

  async walk(roots: string[]): Promise<Walk> {
    let frontier = this.admit(roots);
    for (let round = 0; frontier.length > 0; round += 1) {
      if (round >= this.limits.rounds || this.links.size >= this.limits.links) {
        this.truncated = true;
        break;
      }
      const links = await this.ledger.linksOf(frontier);
      for (const link of links) this.keep(link);
      frontier = this.admit(await this.next(links));
    }
    for (const subject of this.subjects) this.related.delete(subject);
    return {
      roots: roots.filter((root) => this.subjects.has(root)),
      subjects: [...this.subjects],
      links: [...this.links.values()],
      related: [...this.related],
      truncated: this.truncated,
    };
  }

  /** New subjects, within the bound. */
  private admit(candidates: string[]): string[] {
    const fresh = [...new Set(candidates)].filter((subject) => !this.subjects.has(subject));
    const room = fresh.slice(0, Math.max(0, this.limits.subjects - this.subjects.size));
    if (room.length < fresh.length) this.truncated = true;
    for (const subject of room) this.subjects.add(subject);
    return room;
  }

  private keep(link: IdentifierLink): void {
    this.links.set(JSON.stringify([tokenKey(link), link.subject]), link);
    if (orderKinds.has(link.kind)) this.orders.add(tokenKey(link));
  }

  private async next(links: IdentifierLink[]): Promise<string[]> {
    const origins = new Map<string, string[]>();
    for (const link of links) {
      const key = tokenKey(link);
      if (sharedIdentifierKinds.has(link.kind) || this.asked.has(key)) continue;
      origins.set(key, [...(origins.get(key) ?? []), link.subject]);
    }
    if (origins.size === 0) return [];
    for (const key of origins.keys()) this.asked.add(key);
    const found = await this.ledger.subjectsOf([
      ...new Set(links.map((link) => normalizeIdentifier(link.value))),
    ]);
    // The look-up is by value alone: 4711 in the shop and 4711 in the ERP are two things.
    const same = found.filter((link) => origins.has(tokenKey(link)) && !this.subjects.has(link.subject));
    const [strong, weak] = this.sort(same, origins);
    return [...strong, ...(await this.sameOrders(weak))];
  }

  /** Parts what is proof from what only shares a container; a reused tracking number is neither. */
  private sort(links: IdentifierLink[], origins: Map<string, string[]>): [string[], string[]] {
    const strong = new Set<string>();
    const weak = new Set<string>();
    for (const link of links) {
      if (
        link.kind === 'trackingNumber' &&
        (origins.get(tokenKey(link)) ?? []).every((origin) => otherShipDate(origin, link.subject))
      ) {
        this.related.add(link.subject);
      } else if (containerKinds.has(link.kind)) weak.add(link.subject);
      else strong.add(link.subject);
    }
    return [[...strong], [...weak].filter((subject) => !strong.has(subject))];
  }

  /** Of subjects in a shared container those that name no order, or one of ours. */
  private async sameOrders(subjects: string[]): Promise<string[]> {
    if (subjects.length === 0) return [];
    const orders = new Map<string, string[]>();
    for (const link of await this.ledger.linksOf(subjects)) {
      if (orderKinds.has(link.kind))
        orders.set(link.subject, [...(orders.get(link.subject) ?? []), tokenKey(link)]);
    }
    return subjects.filter((subject) => {
      const named = orders.get(subject) ?? [];
      const ours = named.length === 0 || named.some((key) => this.orders.has(key));
      if (!ours) this.related.add(subject);
      return ours;
    });
  }
}

function tokenKey(link: Pick<IdentifierLink, 'kind' | 'namespace' | 'value'>): string {
  return JSON.stringify([link.kind, link.namespace.toLowerCase(), normalizeIdentifier(link.value)]);
}

/** Carriers reuse tracking numbers: two ship dates in the subject keys are two shipments. */
function otherShipDate(one: string, other: string): boolean {
  const [a, b] = [one, other].map((key) => /^trk:.*:(\d{4}-\d{2}-\d{2})$/.exec(key)?.[1]);
  return a !== undefined && b !== undefined && a !== b;
}
