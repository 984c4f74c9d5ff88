/**
 * Pact files (Pact Specification V4, https://github.com/pact-foundation/pact-specification/tree/version-4) from the fixtures of a connector:
 * one HTTP interaction for each request of an operation that is answered, one message for each payload that becomes facts.
 */
import type { Connector } from '../../../../lib/connectors/kit/connector';
import { operationFixturesOf } from '../exchange';
import { fixturesOf } from '../harness';
import { type Answer, record, type Sent, textOf } from './record';

export interface Contents {
  content: unknown;
  contentType: string;
  encoded: false;
}

type Rules = Record<string, { combine: 'AND'; matchers: { match: string; regex?: string }[] }>;

export interface HttpInteraction {
  type: 'Synchronous/HTTP';
  description: string;
  pending: false;
  providerStates: { name: string }[];
  request: {
    method: string;
    path: string;
    query?: Record<string, string[]>;
    headers: Record<string, string[]>;
    body?: Contents;
    matchingRules?: { header: Rules };
  };
  response: {
    status: number;
    headers?: Record<string, string[]>;
    body?: Contents;
    matchingRules?: { body: Rules };
  };
}

export interface MessageInteraction {
  type: 'Asynchronous/Messages';
  description: string;
  pending: false;
  providerStates: { name: string }[];
  contents: Contents;
  metadata: { contentType: string };
  matchingRules: { body: Rules };
}

export interface Pact {
  consumer: { name: string };
  provider: { name: string };
  interactions: (HttpInteraction | MessageInteraction)[];
  metadata: { pactSpecification: { version: '4.0' } };
}

/** The shape counts, not the values: whoever verifies a system against the pact has data of its own. */
const ofTheSameTypes: Rules = { $: { combine: 'AND', matchers: [{ match: 'type' }] } };

/** Undefined where the connector has neither operations nor payloads as fixtures. */
export async function pactOf(connector: Connector): Promise<Pact | undefined> {
  const interactions = [...(await httpInteractions(connector)), ...messages(connector)];
  if (interactions.length === 0) return undefined;
  return {
    consumer: { name: 'reroute' },
    provider: { name: connector.manifest.id },
    interactions,
    metadata: { pactSpecification: { version: '4.0' } },
  };
}

export const describeExchange = (fixture: string, index: number, of: number) =>
  `${fixture}, request ${index + 1} of ${of}`;

async function httpInteractions(connector: Connector): Promise<HttpInteraction[]> {
  const found: HttpInteraction[] = [];
  for (const fixture of operationFixturesOf(connector)) {
    const sent = await record(connector, fixture);
    sent.forEach(({ request, answer }, index) => {
      if (answer === undefined) return;
      const description = describeExchange(fixture.name, index, sent.length);
      found.push({
        type: 'Synchronous/HTTP',
        description,
        pending: false,
        providerStates: [{ name: description }],
        request: requestOf(request),
        response: responseOf(answer),
      });
    });
  }
  return found;
}

/** Whose token it is does not matter, its scheme does; the correlation id is another one every time. */
const schemes = { match: 'regex', regex: '^\\S+ .+$' };

function requestOf(sent: Sent['request']): HttpInteraction['request'] {
  const [path = '', search] = split(sent.path);
  const query = [...new URLSearchParams(search)];
  const named = Object.entries(sent.headers ?? {}).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  const headers = Object.fromEntries(
    named.filter(([name]) => name !== 'x-correlation-id').map(([name, value]) => [name, [value]]),
  );
  const body = bodyOf(sent, headers['content-type']?.[0]);
  if (body !== undefined) headers['content-type'] ??= [body.contentType];
  return {
    method: sent.method,
    path,
    ...(query.length === 0 ? {} : { query: grouped(query) }),
    headers,
    ...(body === undefined ? {} : { body }),
    ...(headers.authorization === undefined
      ? {}
      : { matchingRules: { header: { authorization: { combine: 'AND', matchers: [schemes] } } } }),
  };
}

function split(path: string): [string, string] {
  const at = path.indexOf('?');
  return at < 0 ? [path, ''] : [path.slice(0, at), path.slice(at + 1)];
}

function grouped(query: readonly (readonly [string, string])[]): Record<string, string[]> {
  const groups: Record<string, string[]> = {};
  for (const [name, value] of query) groups[name] = [...(groups[name] ?? []), value];
  return groups;
}

function bodyOf({ json, body }: Sent['request'], contentType: string | undefined): Contents | undefined {
  if (json !== undefined)
    return contents(JSON.parse(JSON.stringify(json)), contentType ?? 'application/json');
  if (body === undefined) return undefined;
  const text = typeof body === 'string' ? body : Buffer.from(body).toString('utf8');
  const type = contentType ?? 'text/plain';
  return contents(/json/.test(type) ? JSON.parse(text) : text, type);
}

const contents = (content: unknown, contentType: string): Contents => ({
  content,
  contentType,
  encoded: false,
});

function responseOf(answer: Answer): HttpInteraction['response'] {
  const { status, headers = {}, json } = answer;
  const text = textOf(answer);
  const listed = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]]));
  const stated = headers['content-type'];
  const body =
    text === ''
      ? undefined
      : json === undefined
        ? contents(text, stated ?? 'text/plain')
        : contents(json, stated ?? 'application/json');
  if (body !== undefined) listed['content-type'] ??= [body.contentType];
  return {
    status,
    ...(Object.keys(listed).length === 0 ? {} : { headers: listed }),
    ...(body === undefined ? {} : { body }),
    ...(json === undefined ? {} : { matchingRules: { body: ofTheSameTypes } }),
  };
}

function messages(connector: Connector): MessageInteraction[] {
  return fixturesOf(connector)
    .filter(({ expected }) => expected.facts.length > 0)
    .map(({ name, body }) => {
      const text = body.toString('utf8');
      const isXml = text.trimStart().startsWith('<');
      const contentType = isXml ? 'application/xml' : 'application/json';
      return {
        type: 'Asynchronous/Messages',
        description: name,
        pending: false,
        providerStates: [{ name }],
        contents: contents(isXml ? text : JSON.parse(text), contentType),
        metadata: { contentType },
        matchingRules: { body: ofTheSameTypes },
      };
    });
}
