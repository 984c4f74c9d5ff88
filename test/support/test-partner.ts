/** A connector for engine tests: every delivery says what it is, every operation posts to one path. Written for the tests. */
import { z } from 'zod';
import {
  type Connector,
  type EffectSafety,
  type OperationResult,
  operation,
} from '../../lib/connectors/kit/connector';
import type { FactContext, FactDraft, Milestone } from '../../lib/model/fact';
import type { ExceptionCode } from '../../lib/model/taxonomy';

export interface TestDelivery {
  shipment: string;
  seq: number;
  code?: ExceptionCode;
  /** Event time, RFC 3339; else one second after the other by `seq`. */
  at?: string;
  milestone?: Milestone;
  /** Not ACTUAL: what is planned. */
  planned?: boolean;
  context?: FactContext;
  lines?: FactDraft['data']['lines'];
  asn?: string;
}

const input = z.object({ id: z.string(), value: z.unknown().optional() });
type Input = z.infer<typeof input>;

function outcomeOf(status: number, body: unknown): OperationResult<unknown> {
  if (status === 409)
    return { outcome: 'business', code: 'CARRIER_REJECTED', message: 'rejected', vendorCode: 'E409' };
  if (status === 400) return { outcome: 'fatal', message: 'malformed' };
  if (status >= 500) return { outcome: 'retryable', message: `status ${status}` };
  return { outcome: 'ok', output: body, confirmed: status !== 202 };
}

function post(id: string, safety: EffectSafety, looksUp = safety === 'reconcilable') {
  return operation<Input, unknown>({
    id,
    title: id,
    description: id,
    kind: 'tms',
    safety,
    input,
    output: z.unknown(),
    target: (wanted) => wanted.id,
    async send(wanted, call) {
      const response = await call.http({
        method: 'POST',
        path: `/${id}/${wanted.id}`,
        json: wanted,
        headers: { 'idempotency-key': call.idempotencyKey },
      });
      return outcomeOf(response.status, response.json());
    },
    ...(looksUp
      ? {
          async lookUp(_wanted: Input, call) {
            const response = await call.http({ method: 'GET', path: `/by-key/${call.idempotencyKey}` });
            return response.status === 200
              ? { found: true as const, output: response.json(), confirmed: true }
              : { found: false as const };
          },
        }
      : {}),
    ...(id === 'book' ? { undo: { operation: 'unbook', input: (wanted: Input) => wanted } } : {}),
  });
}

function draftOf(delivery: TestDelivery, receivedAt: number): FactDraft {
  const eventTime = delivery.at ?? new Date(Date.UTC(2026, 0, 1) + delivery.seq * 1000).toISOString();
  return {
    type: delivery.code ? 'org.reroute.shipment.exception.v1' : 'org.reroute.shipment.milestone.v1',
    dedupKey: `${delivery.shipment}:${delivery.seq}`,
    data: {
      time: {
        eventTime,
        eventTimeZoneOffset: '+00:00',
        recordTime: new Date(receivedAt).toISOString(),
        timeClassifier: delivery.planned ? 'PLANNED' : 'ACTUAL',
        timeConfidence: 'SOURCE_OFFSET',
      },
      identifiers: {
        shipmentId: [{ namespace: 'test', value: delivery.shipment }],
        ...(delivery.asn === undefined ? {} : { asnId: [{ namespace: 'test', value: delivery.asn }] }),
      },
      ...(delivery.context ? { context: delivery.context } : {}),
      ...(delivery.lines ? { lines: delivery.lines } : {}),
      ...(delivery.code
        ? { exception: { code: delivery.code } }
        : { milestone: delivery.milestone ?? 'IN_TRANSIT' }),
    },
  };
}

const read = (body: Uint8Array): TestDelivery | undefined => {
  try {
    return JSON.parse(Buffer.from(body).toString('utf8')) as TestDelivery;
  } catch {
    return undefined;
  }
};

export const testConnector: Connector = {
  manifest: {
    id: 'test',
    title: 'Test',
    vendor: 'none',
    kinds: ['tms'],
    apiVersion: '1',
    reference: 'none',
    mappingVersion: '1',
    settings: z.object({}),
    secrets: [],
    limits: {
      ratePerSecond: 1000,
      concurrency: 32,
      timeoutMs: 1_000,
      maxBodyBytes: 65_536,
      inboundPerSecond: 100_000,
    },
  },
  inbound: {
    verify: (request) =>
      request.headers['x-wrong'] === undefined ? { ok: true } : { ok: false, reason: 'wrong' },
    identify(request) {
      const delivery = read(request.body);
      return delivery
        ? { dedupKey: `${delivery.shipment}:${delivery.seq}`, orderKey: delivery.shipment }
        : { dedupKey: Buffer.from(request.body).toString('hex').slice(0, 200) };
    },
    normalize(request, context) {
      const delivery = read(request.body);
      if (!delivery)
        return { facts: [], reports: [{ kind: 'rejected', code: 'NOT_JSON', message: 'not JSON' }] };
      return { facts: [draftOf(delivery, context.receivedAt)], reports: [] };
    },
  },
  operations: [
    post('keyed', 'keyed'),
    post('find', 'reconcilable'),
    post('release', 'keyed', true),
    post('once', 'irreversible'),
    post('look', 'read'),
    post('book', 'keyed'),
    post('unbook', 'keyed'),
  ],
};
