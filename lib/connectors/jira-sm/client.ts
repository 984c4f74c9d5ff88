/** Calls of Jira Cloud: API token or OAuth token, errors as Jira states them; and its document format. */
import type { VendorError } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { askDesk } from '../kit/desk';
import type { HttpRequest, HttpResponse } from '../kit/http';
import { basic, bearer, needed, sendAuthorized } from '../kit/outbound';
import { type Json, list, object, text } from '../kit/text';

/** https://developer.atlassian.com/cloud/jira/platform/basic-auth-for-rest-apis/ */
function send(call: CallContext, request: HttpRequest): Promise<HttpResponse> {
  const tokens = bearer(call, 'accessToken');
  const user = text(call.settings.email, 320) ?? '';
  const authorizations = tokens.length > 0 ? tokens : basic(user, call.secrets('apiToken'));
  const headers = { ...request.headers, accept: 'application/json' };
  return sendAuthorized(call, needed(authorizations, 'Jira', 'apiToken'), { ...request, headers });
}

/** `{ "errorMessages": [...], "errors": { "field": "..." } }`. */
function errorOf(response: HttpResponse): VendorError | undefined {
  const body = object(response.json());
  const general = list(body?.errorMessages, 20).map((item) => text(item, 300));
  const fields = Object.entries(object(body?.errors) ?? {}).map(
    ([name, words]) => `${name}: ${text(words, 300)}`,
  );
  const message = [...general, ...fields].filter((words) => words !== undefined).join('; ');
  return message === '' ? undefined : { message };
}

/** One call; a transition answers 204 without a body, which is read as an empty object. */
export function askJira<T>(
  call: CallContext,
  request: HttpRequest,
  value: (body: Json) => T | undefined,
  write: boolean,
) {
  return askDesk(call, {
    vendor: 'Jira',
    write,
    send: () => send(call, request),
    error: errorOf,
    value: (response) => {
      const body = response.status === 204 ? {} : object(response.json());
      return body === undefined ? undefined : value(body);
    },
  });
}

/** Plain text as an Atlassian document: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/ */
export function documentOf(words: string): Json {
  const paragraphs = words.split(/\n{2,}/).map((paragraph) => ({
    type: 'paragraph',
    content: paragraph
      .split('\n')
      .flatMap((line, at) => [
        ...(at === 0 ? [] : [{ type: 'hardBreak' }]),
        ...(line === '' ? [] : [{ type: 'text', text: line }]),
      ]),
  }));
  return { type: 'doc', version: 1, content: paragraphs };
}
