/**
 * A recorded history of many cases: a few are played for real on a runtime in memory, and written to a ledger again and again with
 * identifiers of their own, through the port, as the engine would have recorded them.
 */
import { dirname, join } from 'node:path';
import { arrange, arrangementOf } from '../../lib/flowtests/arrange';
import { aboutCase, type RecordedCase } from '../../lib/flowtests/capsule/record';
import { flowsFor, readTest } from '../../lib/flowtests/files';
import { FlowRuntime } from '../../lib/flowtests/runtime';
import { play } from '../../lib/flowtests/scenario';
import { PartnerScript } from '../../lib/flowtests/script';
import type { Lease, Ledger } from '../../lib/ledger/port';
import { identifierTokens, partitionOf, sha256Hex } from '../../lib/model/keys';
import type { ShipmentView } from '../../lib/model/shipment';

export interface Template {
  recorded: RecordedCase;
  view: ShipmentView;
}

const root = join(__dirname, '..', '..', '..');
export const historyTest = join(root, 'bench', 'backtest', 'delays.flowtest.yaml');
/** What every copy has of its own, as the test file writes it. */
const order = 'SO-1000001';
const parcel = '794650000001';

/** Plays every scenario of the history's test. One Node-RED a process: call it in one that has none. */
export async function playTemplates(): Promise<Template[]> {
  const script = new PartnerScript();
  const runtime = await FlowRuntime.open(script);
  const templates: Template[] = [];
  try {
    const { test, folder, flowPath } = readTest(historyTest);
    for (const scenario of test.scenarios) {
      const flows = arrange(
        flowsFor({ path: historyTest, test, folder, flowPath }),
        arrangementOf(test, scenario),
      );
      await runtime.deploy(flows);
      const stage = { runtime, script, test, folder: dirname(historyTest), flows, seed: 'history' };
      const { failures, observed } = await play(stage, scenario);
      const [state] = observed.cases;
      const shipment = state && (await runtime.ledger.shipment(state.subject));
      if (!shipment || failures.length > 0) throw new Error(`${scenario.name}: ${failures.join('; ')}`);
      templates.push({ recorded: await aboutCase(runtime.ledger, state), view: shipment.view });
    }
  } finally {
    await runtime.close();
  }
  return templates;
}

export interface History {
  facts: number;
  cases: number;
}

const atOnce = 50;

/** Writes so many cases, the templates in turn. */
export async function writeHistory(ledger: Ledger, templates: Template[], cases: number): Promise<History> {
  const partitions = Array.from({ length: ledger.partitions }, (_, partition) => partition);
  const leases = await ledger.acquire({ owner: 'history', partitions, now: 0, leaseMs: 1, force: true });
  const history = { facts: 0, cases: 0 };
  for (let from = 0; from < cases; from += atOnce) {
    const ordinals = Array.from({ length: Math.min(atOnce, cases - from) }, (_, index) => from + index);
    const written = await Promise.all(
      ordinals.map((ordinal) => {
        const template = templates[ordinal % templates.length];
        return template ? writeCase(ledger, leases, copyOf(template, ordinal)) : 0;
      }),
    );
    history.facts += written.reduce((sum, facts) => sum + facts, 0);
    history.cases += written.length;
  }
  await ledger.release({ owner: 'history', leases });
  return history;
}

/** The template with identifiers of its own, wherever they stand. */
function copyOf(template: Template, ordinal: number): Template {
  const { recorded } = template;
  const own = (name: string) => sha256Hex(`${name}|${ordinal}`);
  const names = new Map([
    [order, `SO-${2_000_000 + ordinal}`],
    [parcel, String(800_000_000_000 + ordinal)],
    [recorded.state.id, `c${own(recorded.state.id).slice(0, 31)}`],
    ...recorded.facts.flatMap(({ fact }): [string, string][] => [
      [fact.id, own(fact.id)],
      [JSON.stringify(fact.dedupKey), JSON.stringify(`${fact.dedupKey}|${ordinal}`)],
    ]),
    ...recorded.effects.map(({ key }): [string, string] => [key, own(key)]),
  ]);
  let text = JSON.stringify(template);
  for (const [before, after] of names) text = text.replaceAll(before, after);
  return JSON.parse(text) as Template;
}

async function writeCase(ledger: Ledger, leases: Lease[], { recorded, view }: Template): Promise<number> {
  const { state, events, facts, effects } = recorded;
  const partition = partitionOf(state.subject, ledger.partitions);
  const factIds = facts.filter(({ fact }) => fact.data.exception !== undefined).map(({ fact }) => fact.id);
  await ledger.record(partition, {
    facts: facts.map(({ fact, partner }) => ({
      fact,
      partner,
      tokens: identifierTokens(fact.data.identifiers),
    })),
    shipments: [{ key: state.subject, expectedVersion: 0, view }],
    cases: [{ state, expectedVersion: 0, events, factIds, tokens: identifierTokens(state.identifiers) }],
    runs: [],
    audit: [],
    now: state.updatedAt,
  });
  const lease = leases.find((one) => one.partition === partition);
  if (!lease) throw new Error(`no lease of partition ${partition}`);
  await ledger.intendEffects(
    lease,
    effects.map((effect) => ({ ...effect, state: 'INTENDED' as const })),
  );
  await ledger.resolveEffects(
    lease,
    effects.map(({ key, state: reached, output, updatedAt }) => ({
      key,
      state: reached,
      sent: true,
      output,
      at: updatedAt,
    })),
  );
  return facts.length;
}
