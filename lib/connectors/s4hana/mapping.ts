/** What SAP or its middleware sends: business events, log lines around entities, and OData answers of a poll. */
import { canonicalJson, sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
  Secrets,
  Verification,
} from '../kit/connector';
import { keyOf } from '../kit/draft';
import { parseJson, rejected, soundly } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Json, object } from '../kit/text';
import { documentOf } from './documents';
import { cloudEventOf, wrappedEventOf } from './events';
import { manifest } from './manifest';
import { logEnvelope } from './schema';

/** SAP's event channels authenticate with a token (https://help.sap.com/docs/event-mesh): `Authorization: Bearer`. */
function verify({ headers }: InboundRequest, secrets: Secrets): Verification {
  return verifyToken(bearerOf(headers), secrets('inboundToken'));
}

/** Binary-mode CloudEvents carry their attributes as `ce-` headers; in structured mode the body is the envelope. */
function envelopeOf(request: InboundRequest, body: Json): Json | undefined {
  if (typeof body.specversion === 'string') return body;
  const { headers } = request;
  if (headers['ce-type'] === undefined) return undefined;
  const attribute = (name: string) => headers[`ce-${name}`];
  return {
    specversion: attribute('specversion'),
    id: attribute('id'),
    source: attribute('source'),
    type: attribute('type'),
    time: attribute('time'),
    data: body,
  };
}

function mapPayload(request: InboundRequest, payload: unknown, context: NormalizeContext): NormalizeResult {
  const body = object(payload);
  if (body === undefined) return rejected('NOT_S4', 'the payload is no JSON object');
  const envelope = envelopeOf(request, body);
  if (envelope !== undefined) return cloudEventOf(envelope, context);
  if (typeof body.api_schema === 'string') return wrappedEventOf(body, context);
  const logged = logEnvelope.safeParse(body);
  if (logged.success) return entities(logged.data.message, '/message', context, logged.data.time);
  const answer = object(body.d);
  if (answer === undefined) return rejected('NOT_S4', 'neither a business event nor an OData entity');
  return Array.isArray(answer.results)
    ? entities(answer.results, '/d/results', context)
    : entities([answer], '/d', context);
}

function entities(
  items: readonly unknown[],
  pointer: string,
  context: NormalizeContext,
  loggedAt?: string,
): NormalizeResult {
  const results = items.map((item, index) => {
    const at = pointer === '/d' ? pointer : `${pointer}/${index}`;
    return soundly(() => {
      const fact = documentOf(object(item) ?? {}, { context, loggedAt });
      return fact === undefined
        ? rejected('UNKNOWN_ENTITY', 'no sales order, item, delivery or document flow', at)
        : { facts: [fact], reports: [] };
    });
  });
  return { facts: results.flatMap((one) => one.facts), reports: results.flatMap((one) => one.reports) };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = parseJson(request.body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  return soundly(() => mapPayload(request, parsed.value, context));
}

/** CloudEvents are known by source and id, everything else by its content without the time of logging. */
function identify(request: InboundRequest): Identified {
  const parsed = parseJson(request.body);
  const body = parsed.ok ? object(parsed.value) : undefined;
  if (body === undefined) return { dedupKey: sha256Hex(request.body) };
  try {
    const orderKey = orderKeyOf(request);
    return { dedupKey: dedupKeyOf(request, body), ...(orderKey === undefined ? {} : { orderKey }) };
  } catch {
    // A number beyond all bounds has no canonical form: the bytes themselves are the key.
    return { dedupKey: sha256Hex(request.body) };
  }
}

function dedupKeyOf(request: InboundRequest, body: Json): string {
  const envelope = envelopeOf(request, body);
  if (typeof envelope?.source === 'string' && typeof envelope.id === 'string')
    return keyOf([envelope.source, envelope.id]);
  if (!logEnvelope.safeParse(body).success) return sha256Hex(request.body);
  return sha256Hex(canonicalJson(body.message));
}

function orderKeyOf(request: InboundRequest): string | undefined {
  const context: NormalizeContext = { receivedAt: 0, settings: {}, manifest };
  const [first] = normalize(request, context).facts;
  return first === undefined ? undefined : shipmentKeyOf(first.data.identifiers);
}

export const inbound: Inbound = { verify, identify, normalize };
