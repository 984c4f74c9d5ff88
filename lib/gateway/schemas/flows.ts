/** Flow files on the wire: versions, differences, findings, deployments, tags. */
import { z } from 'zod';
import { flowNodes, isFlowPath } from '../../flowfiles/files';
import { deploymentStates, flowSources } from '../../ledger/flows';
import { anyJson, instant } from './common';

export const semver = z
  .string()
  .regex(/^\d+\.\d+\.\d+$/, 'must be a version like 1.2.3')
  .describe('Semantic version of one flow');

export const flowId = z
  .string()
  .min(1)
  .max(200)
  .describe('Id of the tab or subflow; `global-config` for the shared configuration');

export const finding = z
  .object({
    code: z.string(),
    severity: z.enum(['error', 'warning']),
    flowId: z.string(),
    node: z.string().optional(),
    name: z.string().optional(),
    property: z.string().optional(),
    message: z.string(),
  })
  .meta({ id: 'FlowFinding' });

export const propertyChange = z.object({
  path: z.array(z.string()),
  before: anyJson.optional(),
  after: anyJson.optional(),
});

export const nodeChange = z
  .object({
    id: z.string(),
    type: z.string(),
    name: z.string().optional(),
    change: z.enum(['added', 'removed', 'changed', 'moved']).describe('`moved`: on the canvas only'),
    properties: z.array(propertyChange),
  })
  .meta({ id: 'FlowNodeChange' });

export const flowDiff = z
  .object({
    flowId: z.string(),
    label: z.string(),
    path: z.string(),
    change: z.enum(['added', 'removed', 'changed']),
    nodes: z.array(nodeChange),
  })
  .meta({ id: 'FlowDiff' });

export const flowTests = z
  .object({
    passed: z.int(),
    failed: z.int(),
    failures: z.array(z.object({ flowId: z.string(), test: z.string(), message: z.string() })),
    durationMs: z.number(),
  })
  .meta({ id: 'FlowTests' });

export const flowVersion = z
  .looseObject({
    flowId: z.string(),
    version: semver,
    path: z.string().describe('Below the flows folder'),
    label: z.string(),
    contentHash: z.string().describe('SHA-256 of the flow, independent of the order of nodes and properties'),
    author: z.string(),
    message: z.string(),
    source: z.enum(flowSources).describe('`files`: the file had been changed while nothing was running'),
    lint: z.array(finding),
    tests: flowTests.optional(),
    deploymentId: z.string(),
    at: instant,
    removed: z.boolean(),
  })
  .meta({ id: 'FlowVersion' });

export const flowListItem = flowVersion.extend({ disabled: z.boolean() }).meta({ id: 'Flow' });

export const flowContent = flowVersion
  .extend({ nodes: z.array(anyJson).describe('As Node-RED knows them; empty for a removed flow') })
  .meta({ id: 'FlowContent' });

export const flowFile = z.strictObject({
  path: z
    .string()
    .refine(isFlowPath, 'must be a flow file below global/ or regions/')
    .describe('Below the flows folder, e.g. `global/short-pick.json`'),
  nodes: flowNodes.max(5_000).describe('The nodes of the file; unknown properties are kept'),
});

export const flowFiles = z
  .object({ rev: z.string(), files: z.array(z.object({ path: z.string(), nodes: z.array(anyJson) })) })
  .meta({ id: 'FlowFiles' });

export const stranded = z.object({ nodeId: z.string(), waiting: z.int() });

export const deployCheck = z
  .object({
    rev: z.string(),
    diff: z.array(flowDiff),
    findings: z.array(finding),
    tests: flowTests.optional(),
    stranded: z.array(stranded).describe('Messages that wait at nodes which would be gone'),
  })
  .meta({ id: 'DeployCheck' });

export const deployment = z
  .looseObject({
    id: z.string(),
    state: z
      .enum(deploymentStates)
      .describe(
        '`watching`: health is being proved; `deployed`: not watched; `superseded`: another deploy came first',
      ),
    author: z.string(),
    message: z.string(),
    source: z.enum(flowSources),
    at: instant,
    endedAt: instant.optional(),
    watchMs: z.int(),
    changes: z.record(z.string(), z.object({ before: semver.optional(), after: semver })),
    detail: anyJson.optional().describe('Why it ended as it did, and what was seen'),
  })
  .meta({ id: 'FlowDeployment' });

export const deployAnswer = z.object({
  deployment: deployment.nullable().describe('Null when nothing differed from what runs'),
});

export const tagName = z
  .string()
  .regex(/^[A-Za-z0-9][\w.-]{0,99}$/, 'use letters, digits, dots, hyphens and underscores, 100 at most');

export const flowTag = z
  .object({
    name: z.string(),
    author: z.string(),
    message: z.string(),
    at: instant,
    versions: z.record(z.string(), semver).describe('Version by flow id'),
  })
  .meta({ id: 'FlowTag' });

export const flowTagFiles = z
  .object({ tag: flowTag, files: flowFiles.shape.files })
  .meta({ id: 'FlowTagFiles' });

/** Seconds for which health is watched. */
export const watchSeconds = z
  .number()
  .int()
  .min(0)
  .max(3600)
  .describe('How long health is watched afterwards; 0 for not at all');
export const note = z.string().trim().max(1000);
