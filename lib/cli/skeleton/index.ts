/** Every file of a new connector's folder, by its path there. It passes the suites of `test/connectors` as it is. */
import { index, manifest, mapping, operation, type SkeletonNames, schema } from './source';

export type { SkeletonNames } from './source';

const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
const provenance = 'Written by this project; replace it by a payload after the page of the vendor.';

const event = (status: string, id: string) => ({
  id,
  trackingNumber: '0001',
  status,
  occurredAt: '2026-03-02T08:00:00+01:00',
  text: 'As the vendor says it',
});

const codes = `code_list,status,reason,milestone,exception,note,source
status,EXAMPLE_IN_TRANSIT,,IN_TRANSIT,,under way,example: replace by the vendor's page
status,EXAMPLE_DAMAGED,,,DAMAGED,damaged on the way,example: replace by the vendor's page
`;

const readme = ({ id, title }: SkeletonNames) => `# ${title}

What it covers, in one sentence. Follows: the vendor's pages, by name.

- Deliveries: \`POST /in/<partner>\`, HMAC-SHA256 over the raw body in \`X-Signature\` (\`webhookSecret\`). Known again by the event's \`id\`.
- Operations: \`getShipment\` (read).

To make it right: \`manifest.ts\` (version, reference, limits), \`schema.ts\` and \`codes.csv\` after the vendor's pages, real operations, a fixture for each
(\`CONTRIBUTING.md\`, certification). Then \`npm run build\`, \`node scripts/generate-connector-docs.mjs\` and the suites with \`-g "connector ${id}"\`.

## Left out

Everything that is not named above.
`;

const call = (result: object, response: object) => ({
  provenance,
  operation: 'getShipment',
  secrets: { token: ['t0'] },
  input: { trackingNumber: '0001' },
  exchanges: [
    {
      request: { method: 'GET', path: '/shipments/0001', headers: { authorization: 'Bearer t0' } },
      response,
    },
  ],
  result,
});

export function skeletonOf(names: SkeletonNames): Record<string, string> {
  const shipment = { trackingNumber: '0001', status: 'EXAMPLE_IN_TRANSIT' };
  const fact = (data: object) => ({ provenance, facts: [{ data }], reports: [] });
  return {
    'index.ts': index(),
    'manifest.ts': manifest(names),
    'schema.ts': schema(),
    'mapping.ts': mapping(names),
    'operations/get-shipment.ts': operation(names),
    'codes.csv': codes,
    'README.md': readme(names),
    'fixtures/in-transit.json': json(event('EXAMPLE_IN_TRANSIT', 'e-1')),
    'fixtures/in-transit.expected.json': json(
      fact({
        milestone: 'IN_TRANSIT',
        identifiers: { trackingNumber: [{ carrier: names.id, value: '0001' }] },
      }),
    ),
    'fixtures/unknown-code.json': json(event('NEVER_SEEN', 'e-2')),
    'fixtures/unknown-code.expected.json': json(
      fact({ exception: { code: 'UNMAPPED_STATUS', message: 'As the vendor says it' } }),
    ),
    'fixtures/operations/getShipment.ok.json': json(
      call({ outcome: 'ok', output: shipment, confirmed: true }, { status: 200, json: shipment }),
    ),
    'fixtures/operations/getShipment.unknown.json': json(
      call({ outcome: 'business', code: 'IDENTIFIER_UNRESOLVED' }, { status: 404, json: {} }),
    ),
  };
}
