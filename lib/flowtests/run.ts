/** Runs flow tests: one runtime for all of them, one deploy a file and its settings, one play a scenario. */
import { relative } from 'node:path';
import { loadCalendars } from '../flowfiles/calendars';
import { isRerouteError } from '../model/errors';
import { arrange, arrangementOf } from './arrange';
import { flowsFolderOf, flowsFor, readTest, refuseOutward, refuseRegionFile, type TestFile } from './files';
import type { Scenario } from './format';
import { faultsOf, inconsistencies } from './matrix';
import type { Observed } from './observed';
import { FlowRuntime } from './runtime';
import { type Played, play, type Stage } from './scenario';
import { type Fault, PartnerScript, type Sent } from './script';

export interface VariantResult {
  fault: Fault;
  ms: number;
  failures: string[];
}

export interface ScenarioResult {
  name: string;
  ok: boolean;
  ms: number;
  failures: string[];
  /** Of the fault matrix. */
  variants: VariantResult[];
}

export interface FileResult {
  file: string;
  ok: boolean;
  ms: number;
  /** Why the file could not be run at all. */
  error?: string;
  scenarios: ScenarioResult[];
}

export interface TestReport {
  ok: boolean;
  passed: number;
  failed: number;
  ms: number;
  files: FileResult[];
}

export interface RunOptions {
  /** Folder from which files are named; the working directory unless told. */
  base?: string;
  /** False: scenarios only. */
  faultMatrix?: boolean;
}

/** In the order of the paths. */
export async function runFlowTests(
  paths: readonly string[],
  { base = process.cwd(), faultMatrix = true }: RunOptions = {},
): Promise<TestReport> {
  const startedAt = performance.now();
  const script = new PartnerScript();
  const runtime = await FlowRuntime.open(script);
  const bench = { runtime, script, faultMatrix };
  const files: FileResult[] = [];
  try {
    for (const path of paths) files.push(await runFile(path, relative(base, path), bench));
  } finally {
    await runtime.close();
  }
  const scenarios = files.flatMap((file) => file.scenarios);
  const failed = scenarios.filter(({ ok }) => !ok).length + files.filter(({ error }) => error).length;
  return {
    ...{ ok: failed === 0, passed: scenarios.filter(({ ok }) => ok).length, failed },
    ms: since(startedAt),
    files,
  };
}

interface Bench {
  runtime: FlowRuntime;
  script: PartnerScript;
  faultMatrix: boolean;
}

async function runFile(path: string, name: string, bench: Bench): Promise<FileResult> {
  const startedAt = performance.now();
  try {
    const file = readTest(path);
    const scenarios = await runScenarios(file, name, bench);
    return { file: name, ok: scenarios.every(({ ok }) => ok), ms: since(startedAt), scenarios };
  } catch (error) {
    if (!isRerouteError(error)) throw error;
    return { file: name, ok: false, ms: since(startedAt), error: error.message, scenarios: [] };
  }
}

async function runScenarios(
  file: TestFile,
  seed: string,
  { runtime, script, faultMatrix }: Bench,
): Promise<ScenarioResult[]> {
  const flows = flowsFor(file);
  refuseOutward(flows);
  useCalendars(runtime, file);
  const results: ScenarioResult[] = [];
  let deployed = '';
  for (const scenario of file.test.scenarios) {
    const arranged = arrange(flows, arrangementOf(file.test, scenario));
    const content = JSON.stringify(arranged);
    // A deploy costs more than a scenario: it is left out where nothing changes.
    if (content !== deployed) await runtime.deploy(arranged);
    deployed = content;
    const stage = { runtime, script, test: file.test, folder: file.folder, flows: arranged, seed };
    results.push(await runScenario(stage, faultMatrix ? scenario : { ...scenario, faultMatrix: false }));
  }
  return results;
}

/** @throws FatalError REGION_FILE_BROKEN */
function useCalendars({ calendars }: FlowRuntime, { flowPath }: TestFile): void {
  const root = flowsFolderOf(flowPath);
  calendars.clear();
  if (root !== undefined) loadCalendars(root, calendars, refuseRegionFile);
}

async function runScenario(stage: Stage, scenario: Scenario): Promise<ScenarioResult> {
  const startedAt = performance.now();
  const played = await play(stage, scenario);
  const ms = since(startedAt);
  const variants: VariantResult[] = [];
  if (played.failures.length === 0)
    for (const fault of faultsOf(scenario, played.observed))
      variants.push(await runVariant(stage, scenario, fault, played.observed));
  const { failures } = played;
  const ok = failures.length === 0 && variants.every((variant) => variant.failures.length === 0);
  return { name: scenario.name, ok, ms, failures: explained(failures, played, stage), variants };
}

async function runVariant(
  stage: Stage,
  scenario: Scenario,
  fault: Fault,
  base: Observed,
): Promise<VariantResult> {
  const startedAt = performance.now();
  const { failures, observed } = await play(stage, scenario, fault);
  const { script, runtime } = stage;
  const wrong = inconsistencies({
    ...{ fault, base, observed },
    timesDone: (key) => script.timesDone(key),
    hasUndo: ({ partner, operation }) =>
      runtime.engine.operationsOf(partner).find(({ id }) => id === operation)?.undo !== undefined,
  });
  return { fault, ms: since(startedAt), failures: [...failures, ...wrong] };
}

/** What nodes have said helps where something is wrong. */
function explained(failures: string[], { observed }: Played, { runtime }: Stage): string[] {
  if (failures.length === 0) return [];
  const did = repeated(observed.sent.map(callText));
  return [
    ...failures,
    ...(did.length > 0 ? [`calls: ${did.join(', ')}`] : []),
    ...runtime.said.slice(0, 5).map((words) => `log: ${words.slice(0, 300)}`),
  ];
}

const callText = ({ partner, operation, step, outcome }: Sent): string =>
  `${partner}.${operation}@${step} ${outcome}`;

const shownCalls = 40;

/** Each call once, with how often it was made. */
function repeated(calls: string[]): string[] {
  const counts = new Map<string, number>();
  for (const call of calls) counts.set(call, (counts.get(call) ?? 0) + 1);
  return [...counts]
    .slice(0, shownCalls)
    .map(([call, count]) => (count === 1 ? call : `${call} (${count} times)`));
}

const since = (startedAt: number): number => Math.round((performance.now() - startedAt) * 10) / 10;
