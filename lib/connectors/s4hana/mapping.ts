/** What SAP or its middleware sends: business events, log lines around entities, and OData answers of a poll. */
import type { FactDraft } from '../../model/fact';
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
import { readJson, rejected, soundly, totally } from '../kit/json';
import { checkedBy } from '../kit/payload';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Json, object } from '../kit/text';
import { documentOf } from './documents';
import { cloudEventOf, wrappedEventOf } from './events';
import { manifest } from './manifest';
import { logEnvelope } from './schema';

const checkedLogEnvelope = checkedBy(logEnvelope);

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

const isEvent = (request: InboundRequest, body: Json) =>
  envelopeOf(request, body) !== undefined || typeof body.api_schema === 'string';

function mapPayload(request: InboundRequest, payload: unknown, context: NormalizeContext): NormalizeResult {
  const body = object(payload);
  if (body === undefined) return rejected('NOT_S4', 'the payload is no JSON object');
  const envelope = envelopeOf(request, body);
  if (envelope !== undefined) return soundly(() => cloudEventOf(envelope, context));
  if (typeof body.api_schema === 'string') return soundly(() => wrappedEventOf(body, context));
  const entities = entitiesOf(body);
  if (entities === undefined) return rejected('NOT_S4', 'neither a business event nor an OData entity');
  const results = entities.items.map((item, index) => mapEntity(entities, item, index, context));
  return { facts: results.flatMap((one) => one.facts), reports: results.flatMap((one) => one.reports) };
}

interface Entities {
  items: readonly unknown[];
  /** JSON Pointer of the items. */
  pointer: string;
  loggedAt?: string;
}

/** Entities in a line of a log, or in the answer of an OData service. */
function entitiesOf(body: Json): Entities | undefined {
  const logged = checkedLogEnvelope(body);
  if (logged.success) return { items: logged.data.message, pointer: '/message', loggedAt: logged.data.time };
  const answer = object(body.d);
  if (answer === undefined) return undefined;
  return Array.isArray(answer.results)
    ? { items: answer.results, pointer: '/d/results' }
    : { items: [answer], pointer: '/d' };
}

function mapEntity(
  { pointer, loggedAt }: Entities,
  item: unknown,
  index: number,
  context: NormalizeContext,
): NormalizeResult {
  const at = pointer === '/d' ? pointer : `${pointer}/${index}`;
  return soundly(() => {
    const fact = documentOf(object(item) ?? {}, { context, loggedAt });
    return fact === undefined
      ? rejected('UNKNOWN_ENTITY', 'no sales order, item, delivery or document flow', at)
      : { facts: [fact], reports: [] };
  });
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  return totally(() => mapPayload(request, parsed.value, context));
}

/** CloudEvents are known by source and id, everything else by its content without the time of logging. */
function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const body = parsed.ok ? object(parsed.value) : undefined;
  if (body === undefined) return { dedupKey: sha256Hex(request.body) };
  try {
    const orderKey = orderKeyOf(request, body);
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
  if (!checkedLogEnvelope(body).success) return sha256Hex(request.body);
  return sha256Hex(canonicalJson(body.message));
}

/** Intake does not know the partner's settings, and no identifier depends on them. */
const atIntake: NormalizeContext = { receivedAt: 0, settings: {}, manifest };

function orderKeyOf(request: InboundRequest, body: Json): string | undefined {
  const fact = firstFactOf(request, body);
  return fact === undefined ? undefined : shipmentKeyOf(fact.data.identifiers);
}

function firstFactOf(request: InboundRequest, body: Json): FactDraft | undefined {
  const entities = isEvent(request, body) ? undefined : entitiesOf(body);
  if (entities === undefined) return mapPayload(request, body, atIntake).facts[0];
  for (const [index, item] of entities.items.entries()) {
    const [fact] = mapEntity(entities, item, index, atIntake).facts;
    if (fact !== undefined) return fact;
  }
  return undefined;
}

export const inbound: Inbound = { verify, identify, normalize };
