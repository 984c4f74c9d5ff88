/** Flows as a scenario wants them. Pure. */
import type { FlowNode } from '../flowfiles/format';
import { FatalError } from '../model/errors';
import type { FlowTest, Scenario } from './format';

export interface Arrangement {
  settings?: Record<string, unknown>;
  /** By partner. */
  modes?: Record<string, string>;
}

/** A scenario's own come over those of its file. */
export function arrangementOf(test: FlowTest, scenario: Scenario): Arrangement {
  return {
    settings: { ...test.settings, ...scenario.settings },
    modes: { ...test.modes, ...scenario.modes },
  };
}

/**
 * Its settings and modes, and delays that pass at once.
 * @throws FatalError UNKNOWN_SETTING
 */
export function arrange(
  flows: readonly FlowNode[],
  { settings = {}, modes: modesGiven = {} }: Arrangement = {},
): FlowNode[] {
  const modes = new Map(Object.entries(modesGiven));
  const unknown = new Set(Object.keys(settings));
  const arranged = flows.map((node) => {
    if (node.type === 'tab' || node.type === 'subflow') return withSettings(node, settings, unknown);
    if (node.type === 'reroute-partner') return standIn(node, modes.get(String(node.partnerId)));
    return node.type === 'delay' ? { ...node, timeout: '1', timeoutUnits: 'milliseconds' } : node;
  });
  const [first] = unknown;
  if (first === undefined) return arranged;
  throw new FatalError('UNKNOWN_SETTING', `no tab of the flow has the setting ${first}`, {
    hint: 'Settings are the environment of the tab: double-click it in the editor to see their names.',
  });
}

interface EnvEntry {
  name: string;
  value: unknown;
  type?: string;
}

function withSettings(node: FlowNode, settings: Record<string, unknown>, unknown: Set<string>): FlowNode {
  const env = Array.isArray(node.env) ? (node.env as EnvEntry[]) : [];
  return {
    ...node,
    env: env.map((entry) => {
      if (!(entry.name in settings)) return entry;
      unknown.delete(entry.name);
      const value = settings[entry.name];
      return { ...entry, value: typeof value === 'string' ? value : JSON.stringify(value) };
    }),
  };
}

/** A partner of a test needs no address and no secret: nothing is sent to it. */
function standIn(node: FlowNode, mode: string | undefined): FlowNode {
  return { ...node, endpoint: '', mode: mode ?? 'automate', fetchEnabled: false };
}
