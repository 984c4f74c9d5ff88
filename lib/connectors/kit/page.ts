/** The page of connectors, written from what each of them declares. Pure. */
import { z } from 'zod';
import type { Connector, Operation } from './connector';
import { secretFields } from './credentials';

interface Property {
  type?: string;
  enum?: unknown[];
  default?: unknown;
  description?: string;
}

export function connectorPage(connectors: readonly Connector[]): string {
  return [
    '# Connectors',
    '',
    '<!-- Made by scripts/generate-connector-docs.mjs from the manifests. Never edited. -->',
    '',
    'What each connector takes in, asks for and does. *Safety* says what a second send would do: `read` changes nothing, `keyed` is dropped by the system on our key,',
    '`reconcilable` is looked up before anything is sent again, `irreversible` asks a person after an unknown outcome.',
    '',
    ...table(
      ['connector', 'kinds', 'deliveries', 'fetched', 'operations'],
      connectors.map((one) => [
        `[${one.manifest.title}](#${anchor(heading(one))})`,
        one.manifest.kinds.join(', '),
        one.inbound ? 'yes' : '',
        one.poll?.subject ?? '',
        String(one.operations.length),
      ]),
    ),
    ...connectors.flatMap(sectionOf),
  ].join('\n');
}

const heading = ({ manifest }: Connector): string => `${manifest.title} (${manifest.id})`;

/** As the usual renderers make it of a heading. */
const anchor = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replace(/ /g, '-');

function sectionOf(connector: Connector): string[] {
  const { manifest, operations } = connector;
  const secrets = secretFields(manifest);
  return [
    `## ${heading(connector)}`,
    '',
    `${manifest.vendor}, ${manifest.apiVersion}. Reference: ${manifest.reference}. Endpoint: ${(manifest.transports ?? ['http']).join(', ')}. ${fetching(connector)}`,
    '',
    `Limits unless the partner says otherwise: ${limits(connector)}. ${statedLimits(connector)}`,
    '',
    ...versionOf(manifest),
    ...block(
      'Operations',
      ['operation', 'kind', 'safety', 'look-up', 'undo', 'what'],
      operations.map(operationRow),
    ),
    ...block(
      'Not offered',
      ['operation', 'why'],
      Object.entries(manifest.absent ?? {}).map(([id, why]) => [`\`${id}\``, why]),
    ),
    ...block('Settings', ['setting', 'type', 'default', 'what'], settingRows(manifest.settings)),
    ...block(
      'Secrets',
      ['secret', 'needed', 'what'],
      secrets.map(({ name, required, title, description }) => [
        `\`${name}\``,
        required ? 'always' : '',
        `${title}: ${description}`,
      ]),
    ),
  ];
}

function fetching({ inbound, poll }: Connector): string {
  const taken = inbound ? 'Takes deliveries at `/in/<partner>`' : 'Takes no deliveries';
  if (!poll) return `${taken}.`;
  const { minMs, maxMs } = poll.interval;
  const what = poll.subject === 'feed' ? 'asks for what is new' : 'asks for each shipment under way';
  return `${taken}, and ${what} every ${span(minMs)} to ${span(maxMs)}.`;
}

function span(ms: number): string {
  if (ms % 3_600_000 === 0) return `${ms / 3_600_000} h`;
  return ms % 60_000 === 0 ? `${ms / 60_000} min` : `${ms / 1_000} s`;
}

function limits({ manifest: { limits: own } }: Connector): string {
  const calls = `${own.ratePerSecond} calls a second, ${own.concurrency} at once, ${own.timeoutMs / 1000} s each`;
  return `${calls}; deliveries of up to ${own.maxBodyBytes / 1024} KiB, ${own.inboundPerSecond} a second`;
}

function statedLimits({ manifest, operations }: Connector): string {
  const headers = [...new Set(operations.flatMap(({ rateLimitHeaders = [] }) => rateLimitHeaders))];
  if (headers.length > 0)
    return `The vendor states its own in ${headers.map((name) => `\`${name}\``).join(', ')}.`;
  return manifest.noRateLimitHeaders === undefined
    ? ''
    : `No header states the vendor's own: ${manifest.noRateLimitHeaders}.`;
}

function versionOf({ payloadVersion }: Connector['manifest']): string[] {
  if (payloadVersion === undefined) return [];
  return 'none' in payloadVersion
    ? [`Deliveries carry no version: ${payloadVersion.none}.`, '']
    : [
        `Version of a delivery: ${payloadVersion.at}; ${payloadVersion.reads}. Any other is \`VERSION_UNSUPPORTED\`.`,
        '',
      ];
}

function operationRow(operation: Operation): string[] {
  const { id, kind, safety, lookUp, undo, costs, description } = operation;
  return [
    `\`${id}\``,
    kind,
    safety,
    lookUp ? 'yes' : '',
    undo ? `\`${undo.operation}\`` : '',
    costs ? `${description} Costs money.` : description,
  ];
}

function settingRows(schema: z.ZodObject): string[][] {
  const shown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return Object.entries((shown.properties ?? {}) as Record<string, Property>).map(([name, property]) => [
    `\`${name}\``,
    property.enum ? property.enum.map((one) => `\`${String(one)}\``).join(', ') : (property.type ?? 'JSON'),
    property.default === undefined ? '' : `\`${JSON.stringify(property.default)}\``,
    property.description ?? '',
  ]);
}

function block(title: string, head: string[], rows: string[][]): string[] {
  return rows.length === 0 ? [] : [`### ${title}`, '', ...table(head, rows)];
}

function table(head: string[], rows: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line), ''];
}

const cell = (text: string): string => text.replace(/\s*\n\s*/g, ' ').replace(/\|/g, '\\|');
