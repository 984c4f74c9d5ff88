/**
 * A fact on the wire: CloudEvents 1.0 structured JSON (https://github.com/cloudevents/spec, JSON format). Attribute names are lower
 * case there, extensions included; inside `data` they are as in TypeScript.
 */
import { z } from 'zod';
import { FatalError } from './errors';
import { type Fact, fact, factSchemaVersion } from './fact';
import { upcastFact } from './upcast';

/** Media type of one fact in structured mode. */
export const cloudEventMediaType = 'application/cloudevents+json';

/** `dataschema` of a version; its last part is the full semantic version. */
export function dataSchemaUri(version: string = factSchemaVersion): string {
  return `https://reroute.dev/schemas/fact/${version}`;
}

const { shape } = fact;
export const wireFact = z.strictObject({
  specversion: shape.specVersion,
  id: shape.id,
  source: shape.source,
  type: shape.type,
  subject: shape.subject,
  time: shape.time,
  datacontenttype: z.literal('application/json'),
  dataschema: shape.dataSchema,
  correlationid: shape.correlationId,
  causationid: shape.causationId,
  recordedtime: shape.recordedTime,
  partitionkey: shape.partitionKey,
  dedupkey: shape.dedupKey,
  traceparent: shape.traceParent,
  data: shape.data,
});
export type WireFact = z.infer<typeof wireFact>;

const attributes = [
  'specVersion',
  'id',
  'source',
  'type',
  'subject',
  'time',
  'dataSchema',
  'correlationId',
  'causationId',
  'recordedTime',
  'partitionKey',
  'dedupKey',
  'traceParent',
] as const satisfies readonly (keyof Fact)[];

/** Attributes in a fixed order, so that the same fact is the same text. */
export function toWire(value: Fact): WireFact {
  const event: Record<string, unknown> = {};
  for (const name of attributes) {
    if (value[name] !== undefined) event[name.toLowerCase()] = value[name];
    if (name === 'time') event.datacontenttype = 'application/json';
  }
  event.data = value.data;
  // The keys above are those of `wireFact` by construction; a test parses the result.
  return event as WireFact;
}

/**
 * Reads a fact of any version still supported. `datacontenttype` may be absent, as CloudEvents allows for JSON.
 * @throws FatalError FACT_INVALID, FACT_TOO_NEW
 */
export function fromWire(value: unknown): Fact {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('it is no object');
  const given = value as Record<string, unknown>;
  const { datacontenttype = 'application/json', ...rest } = given;
  if (datacontenttype !== 'application/json') throw invalid('its data is not JSON');
  const known = new Map(attributes.map((name) => [name.toLowerCase(), name]));
  const renamed = Object.fromEntries(
    Object.entries(rest).map(([name, content]) => [known.get(name) ?? wireOnly(name), content]),
  );
  const parsed = fact.safeParse(upcastFact(renamed));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw invalid(`${issue?.path.join('.').toLowerCase() || 'it'}: ${issue?.message}`, parsed.error);
  }
  return parsed.data;
}

/** `data` is spelled alike on both sides; a camelCase attribute is not one of the wire's and must not slip through as one. */
function wireOnly(name: string): string {
  return name === 'data' ? name : `unknown attribute ${name}`;
}

function invalid(why: string, cause?: unknown): FatalError {
  return new FatalError('FACT_INVALID', `this is not a fact: ${why}`, {
    hint: 'Send a CloudEvent that fits its dataschema.',
    cause,
  });
}
