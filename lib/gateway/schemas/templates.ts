/** Wire shapes of templates, clones and upgrades. */
import { z } from 'zod';
import { cloneStates } from '../../flowfiles/clones/clones';
import { cloneRecord } from '../../flowfiles/clones/record';
import { conflictKinds } from '../../flowfiles/merge/conflicts';
import { semver, slug, templateManifest } from '../../flowfiles/templates/template';
import { anyJson } from './common';

const side = z.enum(['ours', 'theirs']);
export const choices = z
  .record(z.string().max(300), side)
  .describe('`NODE.PROPERTY` of a conflict -> `ours`, the region, or `theirs`, the template');
export const parameters = z
  .record(z.string().max(64), z.json())
  .describe("Values by name, as the template's `schema` has them");

export const templateView = templateManifest.omit({ $schema: true }).extend({
  versions: z.array(semver).describe('Oldest first'),
  schema: z.record(z.string(), z.unknown()).describe('JSON Schema of the parameters'),
  clones: z.array(z.object({ region: slug, version: semver })),
});

const drift = z.object({
  node: z.string(),
  type: z.string(),
  name: z.string(),
  change: z.enum(['added', 'removed', 'changed']),
  properties: z.array(
    z.object({
      property: z.string().describe('`env:NAME` is a setting, `wires:0` the first output'),
      before: anyJson.optional(),
      after: anyJson.optional(),
    }),
  ),
});

export const cloneStatus = cloneRecord
  .omit({ nodes: true, partners: true, cases: true, former: true })
  .extend({
    tab: z.string().describe('Node id of its tab'),
    newest: semver.describe('Newest version of the template'),
    upgradeAvailable: z.boolean(),
    state: z.enum(cloneStates),
    drift: z.array(drift).describe('From what the template made to what stands there'),
    locked: z.array(z.string()).describe('Nodes that only an upgrade changes'),
  });

export const conflict = z.object({
  kind: z.enum(Object.keys(conflictKinds) as [keyof typeof conflictKinds, ...(keyof typeof conflictKinds)[]]),
  node: z.string(),
  name: z.string(),
  property: z.string().describe('`*` is the whole node'),
  base: anyJson.optional(),
  ours: anyJson.optional(),
  theirs: anyJson.optional(),
  taken: side.optional().describe('Absent: nobody has chosen yet'),
});

export const upgradeView = z.object({
  template: slug,
  region: slug,
  from: semver,
  to: semver,
  news: z.string().optional(),
  conflicts: z.array(conflict),
  open: z.array(z.string()).describe('`NODE.PROPERTY` of each conflict that waits for a choice'),
  changes: z.array(drift).describe('From the flow of today to the merged one'),
  tests: z
    .object({
      files: z.array(z.string()),
      passed: z.int(),
      failures: z.array(z.object({ scenario: z.string(), message: z.string() })),
    })
    .optional(),
});
