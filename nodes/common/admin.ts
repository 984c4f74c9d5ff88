/** What the editor's forms ask the runtime: `/reroute/...` on Node-RED's admin API, under its permissions. */
import type { Request, RequestHandler, Response } from 'express';
import type { NodeAPI } from 'node-red';
import { z } from 'zod';
import type { Connector, Operation } from '../../lib/connectors/kit/connector';
import { systemKinds } from '../../lib/connectors/kit/connector';
import { secretFields, transportSecrets } from '../../lib/connectors/kit/credentials';
import { transports } from '../../lib/connectors/kit/transport';
import type { NodeEngine } from '../../lib/engine/api';
import { overrideTargets } from '../../lib/engine/facts/overrides';
import { checkTable } from '../../lib/engine/policy-check';
import { isRerouteError } from '../../lib/model/errors';
import { exceptionKinds } from '../../lib/model/taxonomy';
import { partnerConfigOf, partnerForm } from '../partner/form';
import { type RerouteRuntime, runtimeOf } from './runtime';

const mounted = new WeakSet<object>();

const codeList = Object.entries(exceptionKinds).map(([code, { title, severity }]) => ({
  code,
  title,
  severity,
}));

/** Once an admin application, however many nodes ask for it. */
export function mountAdmin(RED: NodeAPI): void {
  const admin = RED.httpAdmin;
  if (!admin || mounted.has(admin)) return;
  mounted.add(admin);
  const may = (permission: string) => RED.auth.needsPermission(permission) as unknown as RequestHandler;
  const withRuntime =
    (answer: (runtime: RerouteRuntime, request: Request) => unknown): RequestHandler =>
    (request, response) => {
      void reply(response, async () => answer(runtimeOf(RED), request));
    };
  admin.get(
    '/reroute/connectors',
    may('reroute.read'),
    withRuntime(({ connectors }) => connectors.map(describeConnector)),
  );
  admin.get(
    '/reroute/override-targets',
    may('reroute.read'),
    withRuntime(() => overrideTargets),
  );
  admin.get('/reroute/operations', may('reroute.read'), withRuntime(listOperations));
  admin.get(
    '/reroute/exception-codes',
    may('reroute.read'),
    withRuntime(() => codeList),
  );
  admin.post(
    '/reroute/partner/check',
    may('reroute.read'),
    withRuntime(({ engine }, { body }) => checkPartner(engine, body)),
  );
  admin.post(
    '/reroute/policy/check',
    may('reroute.read'),
    withRuntime((_runtime, { body }) => checkTable(body)),
  );
  admin.post(
    '/reroute/replay/run/:node',
    may('reroute.write'),
    withRuntime((_runtime, request) => pressReplay(RED, request)),
  );
}

async function reply(response: Response, answer: () => Promise<unknown>): Promise<void> {
  try {
    response.json(await answer());
  } catch (error) {
    const known = isRerouteError(error);
    const status = known ? 422 : error instanceof z.ZodError ? 400 : 500;
    response.status(status).json({
      code: known ? error.code : 'BAD_REQUEST',
      message: messageOf(error),
      ...(known && error.hint ? { hint: error.hint } : {}),
    });
  }
}

function messageOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  return error instanceof Error ? error.message : String(error);
}

/** Everything the partner form needs of a connector, as data. */
export function describeConnector(connector: Connector): Record<string, unknown> {
  const { manifest, poll } = connector;
  const {
    id,
    title,
    vendor,
    kinds,
    apiVersion,
    reference,
    limits,
    settings,
    transports = ['http'],
  } = manifest;
  return {
    ...{ id, title, vendor, kinds, apiVersion, reference, limits, transports },
    secrets: secretFields(manifest).map((field) =>
      manifest.secrets.includes(field) ? field : { ...field, ...transportWith(field.name) },
    ),
    settings: jsonSchemaOf(settings),
    inbound: connector.inbound !== undefined,
    ...(poll === undefined ? {} : { poll: { subject: poll.subject, interval: poll.interval } }),
    operations: connector.operations.map(describeOperation),
  };
}

/** A secret that belongs to a way of reaching the partner is asked for where the endpoint goes that way. */
function transportWith(name: string): { transport?: string } {
  const transport = transports.find((one) => transportSecrets[one].some((field) => field.name === name));
  return transport === undefined ? {} : { transport };
}

function describeOperation({
  id,
  title,
  description,
  kind,
  safety,
  costs,
  input,
  output,
}: Operation): Record<string, unknown> {
  return {
    id,
    title,
    description,
    kind,
    safety,
    costs: costs === true,
    input: jsonSchemaOf(input),
    output: jsonSchemaOf(output),
  };
}

function jsonSchemaOf(schema: z.ZodType): unknown {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
}

const operationsQuery = z.object({
  partner: z.string().optional(),
  connector: z.string().optional(),
  kind: z.enum(systemKinds).optional(),
});

/** By partner when it is deployed, by connector while it is only drawn. */
function listOperations({ engine, connectors }: RerouteRuntime, request: Request): unknown {
  const { partner, connector, kind } = operationsQuery.parse(request.query);
  const deployed = partner === undefined ? [] : operationsOf(engine, partner);
  const operations =
    deployed.length > 0
      ? deployed
      : (connectors.find(({ manifest }) => manifest.id === connector)?.operations ?? []);
  return operations
    .filter((operation) => kind === undefined || operation.kind === kind)
    .map(describeOperation);
}

function operationsOf(engine: NodeEngine, partner: string): readonly Operation[] {
  return engine.partner(partner) ? engine.operationsOf(partner) : [];
}

/** Sentences that say what is wrong with a partner as it stands in the form. */
function checkPartner(engine: NodeEngine, body: unknown): string[] {
  const form = partnerForm.safeParse(body);
  if (!form.success) return form.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  const config = partnerConfigOf(form.data);
  // `${NAME}` is filled in from the environment when the flow starts; here there is nothing to judge yet.
  return engine.checkPartner(/^\$\{[^}]+\}$/.test(config.endpoint) ? { ...config, endpoint: '' } : config);
}

/** A replay node, as the button in the editor reaches it. */
export interface ReplayNode {
  press?(by: string): Promise<{ id: string; count: number }>;
}

async function pressReplay(RED: NodeAPI, request: Request): Promise<unknown> {
  const node = RED.nodes.getNode(String(request.params.node)) as unknown as ReplayNode | null;
  if (!node?.press)
    throw new z.ZodError([
      {
        code: 'custom',
        path: ['node'],
        message: 'there is no deployed replay node with this id',
        input: undefined,
      },
    ]);
  const user = (request as Request & { user?: { username?: string } }).user?.username;
  return node.press(user ?? 'editor');
}
