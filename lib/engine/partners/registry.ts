/** Partners as configured in flows, joined with their connector, their lane and what operators set over them. */
import type {
  CallContext,
  Connector,
  Operation,
  PartnerLimits,
  SystemKind,
} from '../../connectors/kit/connector';
import { secretFields } from '../../connectors/kit/credentials';
import type { PartnerControl } from '../../ledger/operators';
import type { Ledger } from '../../ledger/port';
import { FatalError } from '../../model/errors';
import type { PartnerConfig, PartnerMode, PartnerStatus } from '../api';
import { Overrides, overrideProblems } from '../facts/overrides';
import type { Folder } from '../files/folder';
import { defaultFolders } from '../files/inbox';
import type { EngineLimits } from '../limits';
import type { FetchStatus } from '../polling/task';
import { FreeLane } from './free-lane';
import { type PartnerHttp, partnerHttp, traced } from './http';
import { Lane, type PartnerLane } from './lane';
import { isSecretReference, type SecretStore } from './secrets';
import { openTargets, type TargetPolicy } from './targets';
import { tlsIdentities } from './tls';
import { Tokens } from './tokens';
import { endpointProblem, filePort, folderOf, mailPort, transportOf } from './transports';

export class Partner {
  readonly limits: PartnerLimits;
  readonly lane: PartnerLane;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly overrides: Overrides;
  private readonly tokens: Tokens;
  private http: PartnerHttp | undefined;
  private ports: Pick<CallContext, 'files' | 'mail'> | undefined;
  private opened: Folder | undefined;

  constructor(
    readonly config: PartnerConfig,
    readonly connector: Connector,
    private readonly secretStore: SecretStore,
    private readonly engineLimits: EngineLimits,
    now: () => number,
    private readonly targets: TargetPolicy,
  ) {
    this.tokens = new Tokens(now);
    this.limits = { ...connector.manifest.limits, ...config.limits };
    this.lane = engineLimits.freeLanes ? new FreeLane(config.id) : new Lane(config.id, this.limits);
    this.settings = connector.manifest.settings.parse(config.settings);
    this.overrides = new Overrides(config.overrides ?? [], config.id);
  }

  get id(): string {
    return this.config.id;
  }

  get mode(): PartnerMode {
    return this.lane.control?.mode ?? this.config.mode;
  }

  readonly secrets = (name: string): readonly string[] =>
    this.secretStore.readAll(this.config.secrets[name] ?? []);

  operation(id: string): Operation {
    const found = this.connector.operations.find((operation) => operation.id === id);
    if (!found) {
      throw new FatalError('UNKNOWN_OPERATION', `${this.connector.manifest.title} has no operation ${id}`, {
        hint: `It has: ${this.connector.operations.map((operation) => operation.id).join(', ')}.`,
      });
    }
    return found;
  }

  callContext({
    traceparent,
    ...call
  }: Pick<CallContext, 'idempotencyKey' | 'correlationId' | 'effect' | 'now'> & {
    traceparent?: string;
  }): CallContext {
    this.http ??= partnerHttp({
      endpoint: transportOf(this.config.endpoint) === 'http' ? this.config.endpoint : '',
      identities: () => tlsIdentities(this.secrets),
      endpoints: urlSettings(this.settings),
      timeoutMs: this.limits.timeoutMs,
      maxResponseBytes: this.engineLimits.maxResponseBytes,
      connections: this.limits.concurrency,
      targets: this.targets,
    });
    this.ports ??= {
      files: filePort(
        this.folder,
        this.config.folders?.outbox ?? defaultFolders.outbox,
        this.engineLimits.maxResponseBytes,
      ),
      mail: mailPort(this.transport),
    };
    return {
      ...call,
      ...this.ports,
      http: traceparent === undefined ? this.http.port : traced(this.http.port, traceparent),
      tokens: this.tokens,
      secrets: this.secrets,
      settings: this.settings,
    };
  }

  /** The folder of a `file:` or `sftp:` endpoint, one connection for inbox and outbox. */
  get folder(): Folder | undefined {
    this.opened ??= folderOf(this.transport);
    return this.opened;
  }

  private get transport() {
    const { secrets, targets } = this;
    return { endpoint: this.config.endpoint, secrets, timeoutMs: this.limits.timeoutMs, targets };
  }

  status(backlog: number, fetch?: FetchStatus): PartnerStatus {
    const { config, connector, lane } = this;
    return {
      id: config.id,
      connectorId: config.connectorId,
      title: connector.manifest.title,
      region: config.region,
      kinds: connector.manifest.kinds,
      ...(config.lane === undefined ? {} : { tradeLane: config.lane }),
      mode: this.mode,
      limits: this.limits,
      breaker: lane.breakerState,
      control: lane.control,
      lane: lane.load,
      calls: { ...lane.calls },
      backlog,
      secrets: this.secretStates(),
      ...(fetch === undefined ? {} : { fetch }),
    };
  }

  private secretStates(): NonNullable<PartnerStatus['secrets']> {
    const { config, connector } = this;
    const required = new Set(
      connector.manifest.secrets.filter((field) => field.required).map(({ name }) => name),
    );
    const names = new Set([...required, ...Object.keys(config.secrets)]);
    return [...names].map((name) => ({
      name,
      references: config.secrets[name]?.length ?? 0,
      readable: this.secrets(name).length,
      required: required.has(name),
    }));
  }

  async close(): Promise<void> {
    this.lane.close();
    await Promise.all([this.http?.close(), this.opened?.close()]);
  }
}

export class PartnerRegistry {
  private readonly partners = new Map<string, Partner>();
  private controls = new Map<string, PartnerControl>();

  constructor(
    private readonly connectors: (id: string) => Connector | undefined,
    private readonly secrets: SecretStore,
    private readonly limits: EngineLimits,
    private readonly ledger: Ledger,
    private readonly now: () => number,
    private readonly targets: TargetPolicy = openTargets,
  ) {}

  async load(): Promise<void> {
    this.controls = new Map(
      (await this.ledger.partnerControls()).map((control) => [control.partner, control]),
    );
    for (const partner of this.partners.values()) partner.lane.control = this.controls.get(partner.id);
  }

  /** Sentences that say what is wrong; empty when the configuration can run. */
  check(config: PartnerConfig): string[] {
    const problems: string[] = [];
    if (!/^[a-z0-9][a-z0-9-]{0,62}$/.test(config.id))
      problems.push('The id takes lower-case letters, digits and hyphens, 63 at most.');
    const connector = this.connectors(config.connectorId);
    if (!connector) return [...problems, `There is no connector ${config.connectorId}.`];
    problems.push(...overrideProblems(config.overrides ?? []));
    if (config.lane !== undefined && !/^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/.test(config.lane))
      problems.push('The lane takes letters, digits, spaces, dots, hyphens and underscores, 63 at most.');
    const wrongEndpoint = endpointProblem(config.endpoint, connector.manifest);
    if (wrongEndpoint) problems.push(wrongEndpoint);
    const fields = secretFields(connector.manifest);
    for (const [name, references] of Object.entries(config.secrets)) {
      if (!fields.some((field) => field.name === name))
        problems.push(`${connector.manifest.title} knows no secret ${name}.`);
      if (!references.every(isSecretReference))
        problems.push(
          `Secret ${name} must be a reference like env:NAME or file:PATH, never the value itself.`,
        );
    }
    for (const field of fields) {
      if (field.required && !config.secrets[field.name]?.length)
        problems.push(`Secret ${field.name} (${field.title}) is required.`);
    }
    const settings = connector.manifest.settings.safeParse(config.settings);
    for (const issue of settings.error?.issues ?? [])
      problems.push(`Setting ${issue.path.join('.')}: ${issue.message}.`);
    return problems;
  }

  /** @throws FatalError PARTNER_MISCONFIGURED with every problem, PARTNER_TWICE when the id is taken */
  register(config: PartnerConfig): () => void {
    const problems = this.check(config);
    const connector = this.connectors(config.connectorId);
    if (problems.length > 0 || !connector)
      throw new FatalError('PARTNER_MISCONFIGURED', `partner ${config.id}: ${problems.join(' ')}`);
    if (this.partners.has(config.id))
      throw new FatalError('PARTNER_TWICE', `partner ${config.id} is configured twice`, {
        hint: 'Give one of them another id.',
      });
    const partner = new Partner(config, connector, this.secrets, this.limits, this.now, this.targets);
    partner.lane.control = this.controls.get(config.id);
    this.partners.set(config.id, partner);
    return () => {
      if (this.partners.get(config.id) !== partner) return;
      this.partners.delete(config.id);
      void partner.close();
    };
  }

  get(id: string): Partner | undefined {
    return this.partners.get(id);
  }

  /** @throws FatalError UNKNOWN_PARTNER */
  require(id: string): Partner {
    const partner = this.partners.get(id);
    if (!partner)
      throw new FatalError('UNKNOWN_PARTNER', `there is no partner ${id}`, {
        hint: 'Deploy a partner node with this id, or correct the node that names it.',
      });
    return partner;
  }

  all(): Partner[] {
    return [...this.partners.values()];
  }

  operations(partnerId: string, kind?: SystemKind): readonly Operation[] {
    const operations = this.partners.get(partnerId)?.connector.operations ?? [];
    return kind === undefined ? operations : operations.filter((operation) => operation.kind === kind);
  }

  async setControl(control: PartnerControl): Promise<void> {
    await this.ledger.setPartnerControl(control);
    this.controls.set(control.partner, control);
    const partner = this.partners.get(control.partner);
    if (partner) partner.lane.control = control;
  }

  control(partner: string): PartnerControl | undefined {
    return this.controls.get(partner);
  }
}

/** Settings that hold a base URL, by name: requests may name them, and go nowhere else. */
function urlSettings(settings: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(settings).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string' && isHttpUrl(entry[1]),
    ),
  );
}

function isHttpUrl(text: string): boolean {
  const url = URL.parse(text);
  return (
    url !== null &&
    (url.protocol === 'http:' || url.protocol === 'https:') &&
    url.username === '' &&
    url.password === ''
  );
}
