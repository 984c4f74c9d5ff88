/** `flows/regions/<region>/region.json`: what a region's clones of templates are set up with. */
import { Info } from 'luxon';
import { z } from 'zod';
import { regionCalendars } from '../../model/calendar';
import { slug } from './template';

const text = z.string().min(1).max(200);

export const warehouse = z.strictObject({
  plant: text.describe('As the ERP names it'),
  timeZone: z
    .string()
    .refine(Info.isValidIANAZone, { message: 'not an IANA time zone' })
    .describe('IANA time zone, e.g. Europe/Berlin'),
  address: z.strictObject({
    name: text,
    street: text,
    city: text,
    region: z.string().max(10).optional().describe('State or province code'),
    postalCode: z.string().max(20),
    country: z.string().length(2).describe('ISO 3166-1 alpha-2'),
  }),
});

/** The region whose flows take every case that no other region takes. */
export const globalRegion = 'global';

export const regionFile = z.strictObject({
  $schema: z.string().optional(),
  id: slug,
  name: text,
  cases: z
    .array(z.string().min(1).max(100))
    .describe(
      "Regions of cases that its flows take, as partners and facts name them; the global region's list is empty",
    ),
  carriers: z.array(slug).describe('Carriers to book with, the preferred one first'),
  warehouses: z.record(text, warehouse),
  thresholds: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/), z.union([z.number(), z.string(), z.null()])),
  calendars: regionCalendars,
  partners: z.record(slug, text).describe('Role -> id of the partner node in the shared configuration'),
});
export type Region = z.infer<typeof regionFile>;
