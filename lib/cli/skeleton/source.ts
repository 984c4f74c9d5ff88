/** The code of a new connector: what `reroute connector new` writes, ready to be replaced piece by piece. */
import type { SystemKind } from '../../connectors/kit/connector';
import { commonOperations } from '../../connectors/kit/contracts';

export interface SkeletonNames {
  id: string;
  title: string;
  kind: SystemKind;
}

/** What the kind has in common with others and the skeleton has not: each operation that is added goes out of the list. */
const missing = (kind: SystemKind): string => {
  const ids = commonOperations([kind]).map(
    ({ id }) => `\n    ${id}: 'not written yet: look whether the vendor offers it',`,
  );
  return ids.length === 0 ? '' : `\n  absent: {${ids.join('')}\n  },`;
};

/** As the formatter writes it: single quotes unless there is one inside. */
const quoted = (text: string): string =>
  text.includes("'") ? JSON.stringify(text) : `'${text.replace(/\\/g, '\\\\')}'`;

export const index = (): string => `import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { inbound } from './mapping';
import { getShipment } from './operations/get-shipment';

export const connector: Connector = { manifest, inbound, operations: [getShipment] };
`;

export const manifest = ({ id, title, kind }: SkeletonNames): string => `import { z } from 'zod';
import type { ConnectorManifest } from '../kit/connector';

export const manifest: ConnectorManifest = {
  id: ${quoted(id)},
  title: ${quoted(title)},
  vendor: ${quoted(title)},
  kinds: [${quoted(kind)}],
  // The version of the vendor's API that schemas and operations follow, and the vendor's page.
  apiVersion: '1',
  reference: 'https://example.com/api',
  settings: z.object({}),
  secrets: [
    {
      name: 'token',
      title: 'API token',
      required: true,
      description: 'Sent as a bearer token with every call',
    },
    {
      name: 'webhookSecret',
      title: 'Webhook secret',
      required: false,
      description: 'Key of the HMAC over the body of a delivery',
    },
  ],
  limits: {
    ratePerSecond: 5,
    concurrency: 4,
    timeoutMs: 10_000,
    maxBodyBytes: 262_144,
    inboundPerSecond: 100,
  },
  mappingVersion: '1.0.0',
  // Where a delivery says its version ({ at, reads }, with a fixture of another one), and whether a header states the vendor's limits.
  payloadVersion: { none: 'an event names its id, the parcel and its status' },
  noRateLimitHeaders: 'the reference names no header for limits',${missing(kind)}
};
`;

export const schema =
  (): string => `/** Payloads of the vendor; name its page here. Unknown fields pass, the fields we read are checked. */
import { z } from 'zod';

export const event = z.looseObject({
  id: z.string().min(1).max(200),
  trackingNumber: z.string().min(1).max(100),
  status: z.string().min(1).max(200),
  occurredAt: z.string().max(40),
  text: z.string().max(2000).optional(),
});
export type VendorEvent = z.infer<typeof event>;

export const shipment = z.object({
  trackingNumber: z.string().min(1).max(100),
  status: z.string().min(1).max(200),
});
export type Shipment = z.infer<typeof shipment>;
`;

export const mapping = ({
  id,
}: SkeletonNames): string => `/** Webhook events to facts: one event, one fact, classified by its own status. */
import { sha256Hex, shipmentKeyOf } from '../../model/keys';
import { loadCodes } from '../kit/codes';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { shipmentFact } from '../kit/draft';
import { readJson, rejected, soundly } from '../kit/json';
import { checkedBy } from '../kit/payload';
import { verifyHmac } from '../kit/signature';
import { idText, object } from '../kit/text';
import { instant, isoTime } from '../kit/time';
import { event } from './schema';

const codes = loadCodes(__dirname);
const checkedEvent = checkedBy(event);
const carrier = ${quoted(id)};

function identify(request: InboundRequest): Identified {
  const parsed = readJson(request);
  const root = parsed.ok ? object(parsed.value) : undefined;
  const value = idText(root?.trackingNumber);
  const orderKey = value === undefined ? undefined : shipmentKeyOf({ trackingNumber: [{ carrier, value }] });
  const dedupKey = idText(root?.id) ?? sha256Hex(request.body);
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readJson(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const found = checkedEvent(parsed.value);
  if (!found.success) {
    const [issue] = found.error.issues;
    return rejected('NOT_AN_EVENT', \`\${issue?.path.join('.') ?? ''}: \${issue?.message ?? 'invalid'}\`);
  }
  const { id, trackingNumber, status, occurredAt, text } = found.data;
  const time = isoTime(occurredAt);
  if (time === undefined) return rejected('EVENT_TIME_INVALID', 'occurredAt is no date', '/occurredAt');
  const fact = shipmentFact({
    manifest: context.manifest,
    codes,
    code: { codeList: 'status', status, text },
    time,
    recordTime: instant(context.receivedAt),
    identifiers: { trackingNumber: [{ carrier, value: trackingNumber }] },
    dedupKey: id,
  });
  return { facts: [fact], reports: [] };
}

export const inbound: Inbound = {
  verify: ({ headers, body }, secrets) =>
    verifyHmac({
      algorithm: 'sha256',
      encoding: 'hex',
      body,
      provided: headers['x-signature'],
      keys: secrets('webhookSecret'),
    }),
  identify,
  normalize: (request, context) => soundly(() => normalize(request, context)),
};
`;

/** From an operation's file; named so that it is no import of this file. */
const kit = '../../kit';

export const operation = ({ kind }: SkeletonNames): string => `import { z } from 'zod';
import { operation } from '${kit}/connector';
import { bearer, busyOutcome, isBusy, reading, sendAuthorized } from '${kit}/outbound';
import { type Shipment, shipment } from '../schema';

const input = z.object({ trackingNumber: z.string().min(1).max(100).describe('Number to ask for') });
type Input = z.infer<typeof input>;

/** \`GET /shipments/{trackingNumber}\`; name the vendor's page here. */
export const getShipment = operation<Input, Shipment>({
  id: 'getShipment',
  title: 'Read a shipment',
  description: 'Reads the state of a shipment.',
  kind: ${quoted(kind)},
  safety: 'read',
  input,
  output: shipment,
  target: ({ trackingNumber }) => \`shipments/\${trackingNumber}\`,
  async send({ trackingNumber }, call) {
    const path = \`/shipments/\${encodeURIComponent(trackingNumber)}\`;
    const response = await reading(() => sendAuthorized(call, bearer(call), { method: 'GET', path }));
    if (isBusy(response)) return busyOutcome(response, call.now);
    if (response.status === 404)
      return {
        outcome: 'business',
        code: 'IDENTIFIER_UNRESOLVED',
        message: 'the vendor knows no such shipment',
      };
    if (response.status >= 500)
      return { outcome: 'retryable', message: \`the vendor answered \${response.status}\` };
    const parsed = shipment.safeParse(response.json());
    if (response.status !== 200 || !parsed.success)
      return { outcome: 'fatal', message: \`the vendor answered \${response.status} with something else\` };
    return { outcome: 'ok', output: parsed.data, confirmed: true };
  },
});
`;
