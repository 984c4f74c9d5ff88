/** Reads of OData v4 services of SAP. Nothing is changed here, so no CSRF token is needed. */
import { type Refusal, refusalOf, unreadable } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import type { HttpResponse } from '../kit/http';
import { reading, sendAuthorized } from '../kit/outbound';
import { type Json, list, object, text } from '../kit/text';
import { authorizations, settingsOf } from './manifest';

/** System query options (https://docs.oasis-open.org/odata/odata/v4.01/odata-v4.01-part2-url-conventions.html), without their `$`. */
export type Query = Readonly<Record<string, string | number>>;

export function readRows(call: CallContext, root: string, set: string, query: Query): Promise<HttpResponse> {
  const { sapClient } = settingsOf(call.settings);
  const options = Object.entries(query).map(([name, value]) => `$${name}=${encodeURIComponent(value)}`);
  if (sapClient !== undefined) options.push(`sap-client=${sapClient}`);
  return reading(() =>
    sendAuthorized(call, authorizations(call), {
      method: 'GET',
      path: `${root}/${set}?${options.join('&')}`,
      headers: { accept: 'application/json' },
    }),
  );
}

/** Text in a filter: an apostrophe is doubled. */
export const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`;

/** The rows of an answer, and whether more follow. */
export interface Rows {
  rows: Json[];
  more: boolean;
}

export function rowsIn(response: HttpResponse, pageSize: number): Rows | undefined {
  const body = response.status === 200 ? object(response.json()) : undefined;
  if (!Array.isArray(body?.value)) return undefined;
  const rows = objects(body.value);
  return {
    rows,
    more: rows.length > 0 && (rows.length >= pageSize || body['@odata.nextLink'] !== undefined),
  };
}

export const objects = (value: unknown, max?: number): Json[] =>
  list(value, max).flatMap((item): Json[] => {
    const found = object(item);
    return found === undefined ? [] : [found];
  });

/** The refusal of an answer whose rows cannot be read. */
export function refused(response: HttpResponse, call: CallContext): Refusal {
  const error = object(object(response.json())?.error);
  const refusal = refusalOf(response, call, {
    write: false,
    error:
      error === undefined
        ? undefined
        : { code: text(error.code, 100), message: text(error.message, 500) ?? `HTTP ${response.status}` },
    exception: () => undefined,
  });
  return refusal ?? unreadable(false);
}
