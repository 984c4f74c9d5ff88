/** Regional clones: made from templates, compared with them, upgraded. The files below the flows folder are the truth. */
import { FatalError } from '../../model/errors';
import type { FlowNode } from '../format';
import type { Side } from '../merge/conflicts';
import { driftOf, type NodeDrift } from '../merge/drift';
import { variablesOf } from '../merge/properties';
import { idMap, instantiate, rulesOf } from '../templates/instantiate';
import { Library, readChecked, readFlow } from '../templates/library';
import { type ParameterValues, parameterValues, valueOfVariable } from '../templates/parameters';
import type { Region } from '../templates/region';
import { type Template, tabOf } from '../templates/template';
import { type CloneRecord, clonePath, cloneRecord, formerOf, recordPath, regionFolder } from './record';
import { cloneRecords } from './records';
import type { RunFlowTests } from './tests';
import { type Upgrade, upgradeOf } from './upgrade';

/** A flow as it is to stand from now on. */
export interface CloneChange {
  path: string;
  nodes: FlowNode[];
  record: CloneRecord;
  message: string;
}

/** Where a change goes: into files, or through a running runtime. */
export interface CloneTarget {
  /** The flow and its record, both or none. */
  save(change: CloneChange): Promise<void>;
}

export interface ClonesOptions {
  flowsDir: string;
  target: CloneTarget;
  /** Epoch milliseconds. */
  now(): number;
  /** Runs the tests of a flow before it is written; without it an upgrade says that nothing was tested. */
  runTests?: RunFlowTests | undefined;
}

export interface CloneRequest {
  template: string;
  region: string;
  /** The newest when absent. */
  version?: string | undefined;
  parameters: Record<string, unknown>;
  author: string;
}

export interface UpgradeRequest {
  template: string;
  region: string;
  /** The newest when absent. */
  to?: string | undefined;
  /** Parameters that change, or that the new version asks for. */
  parameters?: Record<string, unknown> | undefined;
  /** `NODE.PROPERTY` -> side. */
  choices?: ReadonlyMap<string, Side> | undefined;
  author: string;
}

/**
 * `in-step`: as the template made it. `missing`: the record is there, the flow is not. `template-missing`: the version that it came
 * from is in the library no more, so nothing can be compared.
 */
export const cloneStates = ['in-step', 'drifted', 'missing', 'template-missing'] as const;
export type CloneState = (typeof cloneStates)[number];

export interface CloneStatus {
  template: string;
  region: string;
  tab: string;
  version: string;
  newest: string;
  upgradeAvailable: boolean;
  state: CloneState;
  drift: NodeDrift[];
  /** Nodes of the region's flow that only an upgrade changes. */
  locked: string[];
  parameters: ParameterValues;
  author: string;
  at: string;
}

/** The template that a clone came from, with everything that makes it the region's. */
export interface Origin {
  record: CloneRecord;
  template: Template;
  /** What the template made at the time. */
  base: FlowNode[];
}

export class Clones {
  readonly library: Library;

  constructor(private readonly options: ClonesOptions) {
    this.library = new Library(options.flowsDir);
  }

  /** @throws FatalError CLONE_EXISTS, TEMPLATE_UNKNOWN, REGION_UNKNOWN, PARAMETERS_INVALID, PARTNER_ROLE_MISSING */
  async clone(request: CloneRequest): Promise<CloneRecord> {
    const template = await this.library.template(request.template, request.version);
    const region = await this.library.region(request.region);
    const path = clonePath(request.template, request.region);
    if (await readFlow(this.options.flowsDir, path))
      throw new FatalError('CLONE_EXISTS', `flows/${path} is there already`, {
        hint: `Bring it up to date with \`reroute clones upgrade ${request.template} --region ${request.region}\`.`,
      });
    const parameters = parameterValues(template.manifest.parameters, region, request.parameters);
    const setup = { region, parameters, partners: partnersFor(template, region) };
    const record = this.recordOf(template, { ...setup, ids: idMap(template, setup) }, request.author);
    const message = `${template.manifest.title} ${template.manifest.version} for ${region.id}`;
    await this.options.target.save({ path, nodes: instantiate(template, setup), record, message });
    return record;
  }

  /**
   * Takes a flow that stands in a region's folder already, and that a template was made of, as the region's clone.
   * @throws FatalError CLONE_UNKNOWN when the region has no such flow
   */
  async adopt({
    template: id,
    region: regionId,
    author,
  }: Pick<CloneRequest, 'template' | 'region' | 'author'>) {
    const template = await this.library.template(id);
    const region = await this.library.region(regionId);
    const path = clonePath(id, regionId);
    const flow = await readFlow(this.options.flowsDir, path);
    if (!flow) throw new FatalError('CLONE_UNKNOWN', `there is no flows/${path}`);
    const settings = variablesOf(tabOf(flow)?.env) ?? [];
    const given = template.manifest.parameters.flatMap((parameter) => {
      const setting = settings.find(({ name }) => name === parameter.name);
      return setting ? [[parameter.name, valueOfVariable(parameter, setting)] as const] : [];
    });
    const parameters = parameterValues(template.manifest.parameters, region, Object.fromEntries(given));
    const setup = { region, parameters, partners: partnersFor(template, region) };
    const record = this.recordOf(template, { ...setup, ids: idMap(template, setup) }, author);
    const message = `${template.manifest.title} ${template.manifest.version} of ${regionId}`;
    // Settings as a clone writes them, so that the first difference is one of meaning.
    const written = new Map(instantiate(template, setup).map((node) => [node.id, node]));
    const tab = tabOf(flow);
    const env = tab && written.get(tab.id)?.env;
    const nodes = flow.map((node) => (node === tab && env !== undefined ? { ...node, env } : node));
    await this.options.target.save({ path, nodes, record, message });
    return record;
  }

  /** Every clone against the version that it came from. */
  async status(): Promise<CloneStatus[]> {
    const versions = await this.library.versions();
    const all: CloneStatus[] = [];
    for (const record of await cloneRecords(this.library)) all.push(await this.statusOf(record, versions));
    return all;
  }

  private async statusOf(record: CloneRecord, versions: ReadonlyMap<string, string[]>): Promise<CloneStatus> {
    const { template: id, region, version, parameters, author, at, nodes } = record;
    const known = versions.get(id) ?? [];
    const newest = known.at(-1) ?? version;
    const flow = await readFlow(this.options.flowsDir, clonePath(id, region));
    const origin = known.includes(version) ? await this.originOf(record) : undefined;
    const drift = flow && origin ? driftOf(origin.base, flow) : [];
    const standing = drift.length > 0 ? 'drifted' : 'in-step';
    return {
      ...{
        template: id,
        region,
        version,
        newest,
        upgradeAvailable: origin !== undefined && newest !== version,
      },
      tab: (flow && tabOf(flow)?.id) ?? nodes[id] ?? '',
      state: flow === undefined ? 'missing' : origin === undefined ? 'template-missing' : standing,
      ...{ drift, parameters, author, at },
      locked: origin ? [...rulesOf(origin.template, nodes).locked].sort() : [],
    };
  }

  /** What an upgrade would do; nothing is written. The tests run where no choice is open. */
  async preview(request: UpgradeRequest): Promise<Upgrade> {
    return (await this.plan(request)).upgrade;
  }

  /** @throws FatalError CONFLICTS_OPEN, FLOW_TESTS_FAILED, CLONE_CURRENT besides what a preview throws; then nothing is written */
  async upgrade(request: UpgradeRequest): Promise<Upgrade> {
    const { upgrade, change } = await this.plan(request);
    if (upgrade.from === upgrade.to && upgrade.changes.length === 0)
      throw new FatalError(
        'CLONE_CURRENT',
        `${request.template} of ${request.region} is at ${upgrade.to} already, and nothing else changed`,
      );
    if (upgrade.open.length > 0)
      throw new FatalError(
        'CONFLICTS_OPEN',
        `${upgrade.open.length} conflicts wait for a choice: ${upgrade.open.join(', ')}`,
        { hint: 'Decide each with --take ours NODE.PROPERTY or --take theirs NODE.PROPERTY.' },
      );
    const failures = upgrade.tests?.failures ?? [];
    if (failures.length > 0)
      throw new FatalError(
        'FLOW_TESTS_FAILED',
        `the merged flow fails ${failures.length} of its tests: ${failures.map(({ scenario }) => scenario).join(', ')}`,
        { hint: 'Look at the failures in the preview, change the flow or the choices, and try again.' },
      );
    await this.options.target.save(change);
    return upgrade;
  }

  private async plan(request: UpgradeRequest): Promise<{ upgrade: Upgrade; change: CloneChange }> {
    const { flowsDir } = this.options;
    const origin = await this.origin(request.template, request.region);
    const path = clonePath(request.template, request.region);
    const ours = await readFlow(flowsDir, path);
    if (!ours)
      throw new FatalError('CLONE_MISSING', `flows/${path} is gone, only its record is there`, {
        hint: `Delete flows/${recordPath(request.template, request.region)} and clone the template again.`,
      });
    const template = await this.library.template(request.template, request.to);
    const region = await this.library.region(request.region);
    const known = new Set(template.manifest.parameters.map(({ name }) => name));
    const kept = Object.entries(origin.record.parameters).filter(([name]) => known.has(name));
    const parameters = parameterValues(template.manifest.parameters, region, {
      ...Object.fromEntries(kept),
      ...request.parameters,
    });
    const setup = { region, parameters, partners: partnersFor(template, region), ids: origin.record.nodes };
    const { nodes, upgrade } = await upgradeOf({
      ...{ origin, template, ours, theirs: instantiate(template, setup), ids: idMap(template, setup) },
      choices: request.choices ?? new Map(),
      test: this.options.runTests && { run: this.options.runTests, flowsDir, path, ...request },
    });
    const record = {
      ...this.recordOf(template, { ...setup, ids: idMap(template, setup) }, request.author),
      former: formerOf(origin.record, ours),
    };
    const message = `${template.manifest.title} of ${region.id}: ${upgrade.from} to ${upgrade.to}`;
    return { upgrade, change: { path, nodes, record, message } };
  }

  /** @throws FatalError CLONE_UNKNOWN */
  async origin(template: string, region: string): Promise<Origin> {
    const record = await readChecked(this.options.flowsDir, recordPath(template, region), cloneRecord);
    if (!record)
      throw new FatalError('CLONE_UNKNOWN', `${region} has no clone of ${template}`, {
        hint: `Make one with \`reroute templates clone ${template} --region ${region}\`.`,
      });
    return this.originOf(record);
  }

  private async originOf(record: CloneRecord): Promise<Origin> {
    const template = await this.library.template(record.template, record.version);
    const region = { id: record.region, cases: record.cases };
    const { parameters, partners, nodes: ids } = record;
    return { record, template, base: instantiate(template, { region, parameters, partners, ids }) };
  }

  private recordOf(
    { manifest }: Template,
    setup: {
      region: Region;
      parameters: ParameterValues;
      partners: Record<string, string>;
      ids: Record<string, string>;
    },
    author: string,
  ): CloneRecord {
    return {
      template: manifest.id,
      version: manifest.version,
      region: setup.region.id,
      cases: setup.region.cases,
      parameters: setup.parameters,
      partners: setup.partners,
      nodes: setup.ids,
      author,
      at: new Date(this.options.now()).toISOString(),
      former: [],
    };
  }
}

/** @throws FatalError PARTNER_ROLE_MISSING */
function partnersFor({ manifest }: Template, { id, partners }: Region): Record<string, string> {
  const missing = manifest.partners.filter(({ role }) => partners[role] === undefined);
  if (missing.length > 0)
    throw new FatalError(
      'PARTNER_ROLE_MISSING',
      `region ${id} has nobody for ${missing.map(({ role, help }) => `${role} (${help})`).join(', ')}`,
      { hint: `Name a partner for each role under partners in flows/${regionFolder(id)}/region.json.` },
    );
  return Object.fromEntries(manifest.partners.map(({ role }) => [role, partners[role] ?? '']));
}
