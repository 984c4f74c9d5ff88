import { z } from 'zod';
import { milestones } from '../../model/fact';
import { exceptionCodes } from '../../model/taxonomy';
import type { ConnectorManifest } from '../kit/connector';
import { timeZoneSetting } from '../kit/edi/settings';
import { isCharset } from '../kit/edi/text';
import { factFields } from './fields';

/** How the quantities of a row are compared. */
export const comparisons = ['none', 'shortPick', 'receipt', 'fulfilment'] as const;

/** Signs of a pattern (luxon's tokens), so that a pattern is a pattern. */
const pattern = z
  .string()
  .regex(/^[yMLdHhmsSaZz0-9 .:/,'T_-]{1,60}$/)
  .describe('Pattern of dates and times in the tokens of luxon, e.g. `dd.MM.yyyy HH:mm`; empty for ISO 8601');

const settings = z.object({
  delimiter: z.enum([',', ';', '\t', '|']).default(',').describe('Sign between fields'),
  quote: z
    .enum(['"', "'"])
    .default('"')
    .describe('Sign around fields that hold the delimiter or a line break'),
  charset: z
    .string()
    .max(40)
    .refine(isCharset, 'no character set that is known here')
    .default('auto')
    .describe('Character set, e.g. `windows-1252`; `auto` is UTF-8, else ISO 8859-1'),
  headerRow: z.boolean().default(true).describe('Whether the first row names the columns'),
  columns: z
    .record(z.string().min(1).max(200), z.enum(factFields))
    .refine(
      (columns) => new Set(Object.values(columns)).size === Object.keys(columns).length,
      'two columns fill one field',
    )
    .optional()
    .describe(
      'Column to fact field; a column is its name, or its number from 1 where there is no header. Empty: columns are called like fields',
    ),
  milestones: z
    .record(z.string().min(1).max(200), z.enum(milestones))
    .default({})
    .describe('Status, or status/reason, to milestone'),
  exceptions: z
    .record(z.string().min(1).max(200), z.enum(exceptionCodes))
    .default({})
    .describe('Status, or status/reason, to exception code'),
  ignored: z
    .array(z.string().min(1).max(200))
    .max(500)
    .default([])
    .describe('Statuses that are understood and change nothing'),
  compare: z
    .enum(comparisons)
    .default('none')
    .describe(
      'What a row means whose fulfilled quantity is not the ordered one: a short pick, an ASN mismatch, or partial fulfilment',
    ),
  decimalMark: z.enum(['.', ',']).default('.'),
  dateFormat: pattern.optional(),
  timeZone: timeZoneSetting,
  carrier: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe('Carrier of the tracking numbers where no column names it'),
  namespace: z.string().min(1).max(100).default('file').describe('System whose numbers the columns hold'),
});
export type CsvSettings = z.infer<typeof settings>;

export const manifest: ConnectorManifest = {
  id: 'csv-file',
  title: 'CSV files',
  vendor: 'RFC 4180',
  kinds: ['edi'],
  apiVersion: 'RFC 4180',
  reference: 'https://www.rfc-editor.org/rfc/rfc4180',
  settings,
  secrets: [
    {
      name: 'inboundToken',
      title: 'Inbound token',
      required: true,
      description: 'Deliveries carry it as `Authorization: Bearer`; a file signs nothing',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 2,
    timeoutMs: 30_000,
    maxBodyBytes: 33_554_432,
    inboundPerSecond: 200,
  },
  transports: ['http', 'file', 'sftp'],
  mappingVersion: '1.0.0',
  payloadVersion: {
    none: 'a file has a header row and nothing else; another layout fails as HEADER_MISMATCH',
  },
};
