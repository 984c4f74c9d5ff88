/** Notices to people: what mail, chat and webhook have in common. */
import type { z } from 'zod';
import { type Refusal, refusalOf } from './answers';
import type { CallContext } from './connector';
import * as contracts from './contracts/desk';
import { HttpAmbiguousError, HttpNotSentError, type HttpRequest, type HttpResponse } from './http';
import { needed } from './outbound';
import { text } from './text';

export const noticeInput = contracts.notify.input as unknown as z.ZodType<Notice>;
export const noticeOutput = contracts.notify.output;
export type Notice = z.infer<typeof contracts.notify.input>;
export type Notified = z.infer<typeof noticeOutput>;

/** Names and values to show, at most `max`: severity and recipients first, then the flow's own. */
export function shownFields(notice: Notice, max: number): [string, string][] {
  const { severity, to = [], fields } = notice;
  const own: [string, string][] = [
    ...(severity === undefined ? [] : [['Severity', severity] as [string, string]]),
    ...(to.length === 0 ? [] : [['To', to.join(', ')] as [string, string]]),
  ];
  return [...own, ...Object.entries(fields)].slice(0, max);
}

/** Path and query of a webhook whose address is its credential; a whole URL is taken for its path, the host is the partner's endpoint. */
function hookPath(value: string): string {
  const path = /^https?:\/\/[^/]+(\/.*)?$/i.exec(value.trim());
  const own = path === null ? value.trim() : (path[1] ?? '/');
  return own.startsWith('/') ? own : `/${own}`;
}

/** What goes wrong on the way is told with the path of the request, and here the path is the secret. */
async function postQuietly(call: CallContext, vendor: string, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await call.http(request);
  } catch (error) {
    if (error instanceof HttpNotSentError)
      throw new HttpNotSentError(`${vendor} cannot be reached at the partner's endpoint`);
    if (error instanceof HttpAmbiguousError) throw new HttpAmbiguousError(`${vendor} did not answer`);
    throw error;
  }
}

/** Posts to the address under a secret's name; one that is refused or gone was not used, so the one before it is tried during a rotation. */
export async function postToHook(
  call: CallContext,
  vendor: string,
  secret: string,
  request: Pick<HttpRequest, 'headers' | 'json'>,
): Promise<HttpResponse> {
  const [first = '/', ...others] = needed(call.secrets(secret), vendor, secret).map(hookPath);
  let response = await postQuietly(call, vendor, { ...request, method: 'POST', path: first });
  for (const path of others) {
    if (![401, 403, 404, 410].includes(response.status)) break;
    response = await postQuietly(call, vendor, { ...request, method: 'POST', path });
  }
  return response;
}

/** A channel that refuses is a fault of configuration: nothing about a shipment makes Slack say no. */
export function channelRefusal(
  response: HttpResponse,
  call: CallContext,
  vendor: string,
): Refusal | undefined {
  const words = text(response.text(), 200);
  const code = words !== undefined && /^[\w-]{1,60}$/.test(words) ? words : undefined;
  const message = `${vendor} answered HTTP ${response.status}${code === undefined ? '' : `: ${code}`}`;
  return refusalOf(response, call, { write: true, error: { code, message }, exception: () => undefined });
}
