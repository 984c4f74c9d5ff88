/**
 * Takes persons out of recorded data: who acted, names, phones, e-mail addresses and postal addresses, by the name of the field and by their form in
 * free text. The same value becomes the same stand-in everywhere, numbered in the order of appearance, so that the test goes the way of
 * the run and nothing can be computed back. Pure.
 */

type Kind = 'actor' | 'name' | 'email' | 'phone' | 'street' | 'postalCode' | 'city' | 'link';

const fields: readonly [Kind, RegExp][] = [
  ['actor', /^by$/],
  ['email', /e-?mail/i],
  ['phone', /phone|mobile|^tel$|telephone|^fax/i],
  [
    'name',
    /^(full|first|last|given|family|middle|sur|display|customer|contact|recipient|receiver|consignee|driver|company)?_?name[12]?$|^(contact|contactPerson|recipient|receiver|receivedBy|signedBy|signatory|consignee|addressee|attention|company|driver|author|createdBy|assertedBy)$/i,
  ],
  ['street', /^(street\w*|(address_?)?lines?_?[123]|address_?[123]?|lines)$/i],
  ['postalCode', /^(postal_?code|post_?code|zip(_?code)?)$/i],
  ['city', /^(city|town|locality|suburb)$/i],
  ['link', /^(uri|url|href|link)$/i],
];

const standIns: Record<Kind, (index: number) => string> = {
  actor: (index) => `user:person-${index}`,
  name: (index) => `Person ${index}`,
  email: (index) => `person${index}@example.com`,
  phone: (index) => `+1555010${String(index).padStart(4, '0')}`,
  street: (index) => `${index} Example Street`,
  postalCode: (index) => String(10_000 + index),
  city: (index) => `Exampletown ${index}`,
  link: (index) => `https://example.com/redacted/${index}`,
};

const emailForm = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
/** With a country code, or in groups as people write them; a date, an order or a tracking number is no phone. */
const phoneForm = /\+\d[\d ().-]{6,17}\d|(?:\(\d{3}\) ?|\b\d{3}[ .-])\d{3}[ .-]\d{4}\b/g;

/** Shorter values would be found inside of words that mean something else. */
const shortest = 4;

export class Redactor {
  private readonly known = new Map<string, string>();
  private readonly counts = new Map<Kind, number>();

  /** Learns what is personal in a source; call it for every source before `redacted`. */
  learn(value: unknown, field = ''): void {
    if (typeof value === 'string') this.learnText(value, field);
    else if (Array.isArray(value)) for (const entry of value) this.learn(entry, field);
    else if (typeof value === 'object' && value !== null)
      for (const [name, entry] of Object.entries(value)) this.learn(entry, name);
  }

  private learnText(text: string, field: string): void {
    const kind = kindOf(field);
    if (kind !== undefined && text.trim() !== '') this.standIn(kind, text);
    for (const [found] of text.matchAll(emailForm)) this.standIn('email', found);
    for (const [found] of text.matchAll(phoneForm)) this.standIn('phone', found);
  }

  private standIn(kind: Kind, value: string): void {
    if (this.known.has(value)) return;
    const index = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, index);
    this.known.set(value, standIns[kind](index));
  }

  /** A text in which everything that was learnt is replaced. */
  text(text: string, field = ''): string {
    const own = this.known.get(text);
    if (own !== undefined && (kindOf(field) !== undefined || text.length >= shortest)) return own;
    let result = text;
    // Longest first: a full name before its parts.
    for (const [value, standIn] of [...this.known].sort(([a], [b]) => b.length - a.length))
      if (value.length >= shortest && result.includes(value)) result = result.replaceAll(value, standIn);
    return result;
  }

  /** True for what looks personal and was in none of the sources: nobody knows what to put in its place. */
  isStrange(text: string, field: string): boolean {
    if (text === '' || this.known.has(text)) return false;
    if (kindOf(field) !== undefined) return true;
    const clean = this.text(text);
    const forms = [...clean.matchAll(emailForm), ...clean.matchAll(phoneForm)];
    const ours = new Set(this.known.values());
    return forms.some(([found]) => !ours.has(found));
  }
}

/** Lists of texts are addresses' lines; lists of objects are an order's. The caller walks into both. */
function kindOf(field: string): Kind | undefined {
  return fields.find(([, pattern]) => pattern.test(field))?.[0];
}

export type Change = (text: string, field: string) => unknown;

/** A copy with every text changed; `field` is the name of the nearest property. */
export function mapTexts(value: unknown, change: Change, field = ''): unknown {
  if (typeof value === 'string') return change(value, field);
  if (Array.isArray(value)) return value.map((entry) => mapTexts(entry, change, field));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, entry]) => [name, mapTexts(entry, change, name)]),
  );
}
