/** Settings that X12 and EDIFACT partners share: whose numbers theirs are, and where their clocks stand. */
import { IANAZone } from 'luxon';
import { z } from 'zod';
import type { Identifier, Identifiers } from '../../../model/fact';
import { idOf } from './text';

const namespace = (meaning: string) => z.string().min(1).max(100).describe(meaning);

export const timeZoneSetting = z
  .string()
  .max(60)
  .refine((zone) => IANAZone.isValidZone(zone), 'no IANA time zone')
  .optional()
  .describe('IANA zone of times that say neither an offset nor a place; without it they count as UTC');

export const ediSettings = {
  orderNamespace: namespace('System whose order numbers the documents name').default('order'),
  shipmentNamespace: namespace('System whose shipment numbers the documents name').default('tms'),
  deliveryNamespace: namespace('System whose delivery numbers the documents name').default('erp'),
  timeZone: timeZoneSetting,
  acceptTest: z
    .boolean()
    .default(true)
    .describe('Whether interchanges that their sender marks as a test become facts, or only reports'),
  outboundPath: z
    .string()
    .regex(/^\/[^\s]*$/)
    .max(500)
    .default('/')
    .describe('Where documents are posted, below the endpoint; not used for a folder'),
};

export interface Namespaces {
  order: string;
  shipment: string;
  delivery: string;
}

const textOr = (value: unknown, otherwise: string) =>
  typeof value === 'string' && value !== '' ? value : otherwise;

export function namespacesOf(settings: Readonly<Record<string, unknown>>): Namespaces {
  return {
    order: textOr(settings.orderNamespace, 'order'),
    shipment: textOr(settings.shipmentNamespace, 'tms'),
    delivery: textOr(settings.deliveryNamespace, 'erp'),
  };
}

/** Collects identifiers as segments name them; the first of a kind leads, a second mention adds nothing. */
export class IdentifierBag {
  private readonly bag: Record<string, (Identifier | { carrier: string; value: string } | string)[]> = {};
  private readonly seen = new Set<string>();

  constructor(readonly namespaces: Namespaces) {}

  add(
    kind: Exclude<keyof Identifiers, 'trackingNumber' | 'sscc'>,
    space: string,
    value: string | undefined,
  ): void {
    const id = value === undefined ? undefined : idOf(value);
    if (id !== undefined && this.isNew(kind, `${space} ${id}`))
      this.push(kind, { namespace: space, value: id });
  }

  track(carrier: string | undefined, value: string): void {
    const id = idOf(value, 100);
    const by = carrier === undefined ? 'edi' : carrier;
    if (id !== undefined && this.isNew('trackingNumber', `${by} ${id}`))
      this.push('trackingNumber', { carrier: by, value: id });
  }

  sscc(value: string | undefined): void {
    if (value !== undefined && this.isNew('sscc', value)) this.push('sscc', value);
  }

  /** An equal bag that grows by itself. */
  copy(): IdentifierBag {
    const copy = new IdentifierBag(this.namespaces);
    for (const [kind, list] of Object.entries(this.bag)) copy.bag[kind] = [...list];
    for (const key of this.seen) copy.seen.add(key);
    return copy;
  }

  identifiers(): Identifiers {
    return { ...this.bag } as Identifiers;
  }

  private isNew(kind: string, key: string): boolean {
    const known = `${kind} ${key}`;
    if (this.seen.has(known) || (this.bag[kind]?.length ?? 0) >= 200) return false;
    this.seen.add(known);
    return true;
  }

  private push(kind: string, item: Identifier | { carrier: string; value: string } | string): void {
    const list = this.bag[kind];
    if (list === undefined) this.bag[kind] = [item];
    else list.push(item);
  }
}
