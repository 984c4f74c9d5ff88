/** Shapes that every call shares: lists, ids, instants. Requests are strict: an unknown property is a mistake worth telling. */
import { z } from 'zod';

export const instant = z.iso.datetime({ offset: true }).describe('RFC 3339 with offset');

/** Text a person wrote for the audit. */
export const reason = z.string().trim().min(1).max(1000).describe('Why; kept in the audit');

export const idParams = z.strictObject({ id: z.string().min(1).max(200) });

export const paging = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('Items a page'),
  cursor: z.string().min(1).max(1000).optional().describe('`nextCursor` of the page before'),
};

export const pagingQuery = z.strictObject(paging);

/** `a,b` and repeated parameters both make a list. */
export function listOf<T extends z.ZodType>(item: T) {
  return z
    .preprocess(
      (value) =>
        value === undefined
          ? undefined
          : [value].flat().flatMap((part) => (typeof part === 'string' ? part.split(',') : [part])),
      z.array(item).min(1).max(50).optional(),
    )
    .describe('One value, several separated by commas, or the parameter repeated');
}

export function pageOf<T extends z.ZodType>(item: T) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.int().min(0).optional(),
  });
}

/** JSON that the gateway passes on without a look inside. */
export const anyJson = z.unknown();

/** The page request of the ledger from a validated query. */
export function pageRequest(query: { limit: number; cursor?: string | undefined }): {
  limit: number;
  cursor?: string;
} {
  return { limit: query.limit, ...(query.cursor === undefined ? {} : { cursor: query.cursor }) };
}

/** Leaves out what is undefined, so that optional stays optional (`exactOptionalPropertyTypes`). */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}

const unitMs = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A moment in the past. */
export const since = z
  .string()
  .regex(/^\d{1,4}[mhd]$/)
  .or(z.iso.datetime({ offset: true }))
  .default('7d')
  .describe('RFC 3339, or how long ago: 90m, 24h, 7d');

/** Epoch milliseconds of a `since`. */
export function instantOf(text: string, now: number): number {
  const match = /^(\d+)([mhd])$/.exec(text);
  if (!match) return Date.parse(text);
  return now - Number(match[1]) * unitMs[match[2] as keyof typeof unitMs];
}
