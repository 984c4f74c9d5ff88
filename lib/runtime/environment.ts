/** The environment, validated at start: an unknown REROUTE_* name or a bad value is one clear error that names it. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { KeyRing } from '../ledger/sealed/ring';
import { FatalError } from '../model/errors';
import { type OidcEnvironment, oidcOf, oidcProblems, oidcShape } from './oidc';
import { ringOf } from './payload-keys';

/** Admin token where none is set in development; production refuses it. */
export const developmentToken = 'reroute-development-token';

/** Key of the credential store where none is set in development; production refuses it. */
export const developmentSecret = 'reroute-development-only';

const onOff = z.enum(['on', 'off']);
const list = z.string().transform((text) =>
  text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== ''),
);

export const environmentSchema = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(1880).describe('TCP port; 0 picks a free one'),
  HOST: z.string().default('127.0.0.1').describe('Address to listen on'),
  NODE_ENV: z
    .string()
    .default('development')
    .describe('`production` switches the sandbox off and refuses default secrets'),
  REROUTE_DATA_DIR: z.string().default('./data').describe('Folder of the ledger, tokens and Node-RED state'),
  DATABASE_URL: z
    .string()
    .regex(/^(sqlite:|postgres(ql)?:\/\/)/, 'must begin with sqlite: or postgres://')
    .optional()
    .describe(
      'Ledger: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST:PORT/DATABASE`; the default is SQLite in the data folder',
    ),
  REDIS_URL: z
    .string()
    .optional()
    .describe('Dispatch across workers; not built in yet, absent means local dispatch'),
  MQTT_URL: z.string().optional().describe('Bus; not built in yet'),
  REROUTE_ROLE: z
    .enum(['all', 'ingress', 'worker', 'editor'])
    .default('all')
    .describe('Part this process plays; only `all` is built in yet'),
  REROUTE_REGION: z
    .string()
    .regex(/^[A-Z]{2}(-[A-Z0-9]{1,3})?$/)
    .optional()
    .describe('Default region, ISO 3166'),
  REROUTE_ADMIN_TOKEN: z
    .string()
    .min(16, 'needs at least 16 characters')
    .optional()
    .describe(
      'Bootstrap token with role admin. Without one, and without users, the first visitor with the setup code that is printed at the start makes the first administrator',
    ),
  REROUTE_PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('What people type to get here when a proxy stands before it; with https cookies are `Secure`'),
  REROUTE_TRUSTED_PROXIES: list
    .optional()
    .describe('Addresses or CIDR ranges whose `X-Forwarded-*` headers are believed, separated by commas'),
  REROUTE_SESSION_IDLE_MINUTES: z.coerce
    .number()
    .int()
    .min(1)
    .max(1440)
    .default(60)
    .describe('A session that is not used for so long ends'),
  REROUTE_SESSION_HOURS: z.coerce
    .number()
    .int()
    .min(1)
    .max(168)
    .default(12)
    .describe('A session ends after so long, used or not'),
  REROUTE_CREDENTIAL_SECRET: z
    .string()
    .min(16, 'needs at least 16 characters')
    .optional()
    .describe("Key of Node-RED's credential store"),
  REROUTE_ALLOWED_TARGETS: list
    .optional()
    .describe(
      'Host names, addresses or CIDR ranges that partners may have although they are private or on this machine, separated by commas; in development all of those are allowed, link-local never is',
    ),
  ...oidcShape,
  REROUTE_AUDIT_KEY: z
    .string()
    .optional()
    .describe(
      'Ed25519 key (PEM, PKCS #8) that signs the heads of the audit; made in the data folder when absent',
    ),
  REROUTE_PAYLOAD_KEYS: z
    .string()
    .optional()
    .describe(
      'Key ring that seals payloads at rest: `id:key,id:key`, 32 random bytes each in base64, the current one first. Given as a file it is read again when it changes',
    ),
  REROUTE_SANDBOX: onOff.optional().describe('Stand-in partners; on in development, never in production'),
  REROUTE_FLOWS_DIR: z.string().default('./flows').describe('Folder of the flow files'),
  REROUTE_FLOW_TESTS: onOff
    .default('on')
    .describe('Run the tests beside changed flows with every deploy, in a process of their own'),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .describe('Least level that is logged'),
  OTEL_EXPORTER_OTLP_ENDPOINT: z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe('Base URL of an OTLP/HTTP collector that gets traces; absent means none are made'),
});

export interface Environment {
  port: number;
  host: string;
  production: boolean;
  dataDir: string;
  databaseUrl: string;
  region: string | undefined;
  adminToken: string | undefined;
  credentialSecret: string | undefined;
  sandbox: boolean;
  flowsDir: string;
  flowTests: boolean;
  logLevel: string;
  /** Where traces go; undefined when none are made. */
  traceEndpoint: string | undefined;
  oidc: OidcEnvironment | undefined;
  allowedTargets: string[];
  auditKey: string | undefined;
  /** The ring as it is now; undefined when payloads are kept as they came. */
  payloadKeys: (() => KeyRing) | undefined;
  publicUrl: URL | undefined;
  trustedProxies: string[];
  session: { idleMs: number; absoluteMs: number };
}

const fileNames = [
  'DATABASE_URL',
  'REDIS_URL',
  'MQTT_URL',
  'REROUTE_ADMIN_TOKEN',
  'REROUTE_CREDENTIAL_SECRET',
  'REROUTE_PAYLOAD_KEYS',
  'REROUTE_AUDIT_KEY',
  'REROUTE_OIDC_CLIENT_SECRET',
];

/** @throws FatalError ENVIRONMENT with every problem, each naming its variable */
export function readEnvironment(source: Readonly<Record<string, string | undefined>>): Environment {
  const values = withFiles(source);
  const known = Object.keys(environmentSchema.shape);
  const unknown = Object.keys(source).filter(
    (name) =>
      name.startsWith('REROUTE_') &&
      !known.includes(name.replace(/_FILE$/, '')) &&
      !name.startsWith('REROUTE_SECRET_'),
  );
  const parsed = environmentSchema.safeParse(values);
  const problems = unknown.map((name) => `${name} is not a setting of Reroute`);
  for (const issue of parsed.error?.issues ?? []) problems.push(`${issue.path.join('.')}: ${issue.message}`);
  for (const name of ['REDIS_URL', 'MQTT_URL'] as const) {
    if (values[name] !== undefined && values[name] !== 'off')
      problems.push(`${name}: this build has no such part yet`);
  }
  if (parsed.data && parsed.data.REROUTE_ROLE !== 'all')
    problems.push('REROUTE_ROLE: this build runs as `all` only');
  if (parsed.data) problems.push(...productionProblems(parsed.data), ...oidcProblems(parsed.data));
  if (problems.length > 0 || !parsed.data)
    throw new FatalError('ENVIRONMENT', `the environment is not right: ${problems.join('; ')}`, {
      hint: 'Correct the named variables and start again.',
    });
  return compose(parsed.data, source);
}

function withFiles(source: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const values: Record<string, string | undefined> = { ...source };
  for (const name of fileNames) {
    const path = source[`${name}_FILE`];
    if (path === undefined || path === '') continue;
    try {
      values[name] = readFileSync(path, 'utf8').trim();
    } catch (cause) {
      throw new FatalError('ENVIRONMENT', `${name}_FILE: ${path} cannot be read`, { cause });
    }
  }
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
}

function productionProblems(values: z.infer<typeof environmentSchema>): string[] {
  if (values.NODE_ENV !== 'production') return [];
  const problems: string[] = [];
  if (values.REROUTE_SANDBOX === 'on')
    problems.push('REROUTE_SANDBOX: stand-in partners are never on in production');
  if (values.REROUTE_ADMIN_TOKEN === developmentToken)
    problems.push('REROUTE_ADMIN_TOKEN: the one of development is refused in production');
  if ([undefined, developmentSecret].includes(values.REROUTE_CREDENTIAL_SECRET))
    problems.push('REROUTE_CREDENTIAL_SECRET: production needs one, the default is refused');
  return problems;
}

function compose(
  values: z.infer<typeof environmentSchema>,
  source: Readonly<Record<string, string | undefined>>,
): Environment {
  const production = values.NODE_ENV === 'production';
  const dataDir = resolve(values.REROUTE_DATA_DIR);
  return {
    port: values.PORT,
    host: values.HOST,
    production,
    dataDir,
    flowsDir: resolve(values.REROUTE_FLOWS_DIR),
    flowTests: values.REROUTE_FLOW_TESTS === 'on',
    databaseUrl: values.DATABASE_URL ?? `sqlite:${dataDir}/ledger.db`,
    region: values.REROUTE_REGION,
    adminToken: values.REROUTE_ADMIN_TOKEN,
    credentialSecret: values.REROUTE_CREDENTIAL_SECRET,
    sandbox: (values.REROUTE_SANDBOX ?? (production ? 'off' : 'on')) === 'on',
    logLevel: values.LOG_LEVEL,
    traceEndpoint: values.OTEL_EXPORTER_OTLP_ENDPOINT,
    payloadKeys: ringOf(values.REROUTE_PAYLOAD_KEYS, source.REROUTE_PAYLOAD_KEYS_FILE),
    oidc: oidcOf(values),
    allowedTargets: values.REROUTE_ALLOWED_TARGETS ?? [],
    auditKey: values.REROUTE_AUDIT_KEY,
    publicUrl: values.REROUTE_PUBLIC_URL === undefined ? undefined : new URL(values.REROUTE_PUBLIC_URL),
    trustedProxies: values.REROUTE_TRUSTED_PROXIES ?? [],
    session: {
      idleMs: values.REROUTE_SESSION_IDLE_MINUTES * 60_000,
      absoluteMs: values.REROUTE_SESSION_HOURS * 3_600_000,
    },
  };
}
