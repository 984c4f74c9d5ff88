/**
 * Shapes of answers. They are loose: a new field is no break within v1, and a client must not stumble over one. What is listed
 * here stays.
 */
import { z } from 'zod';
import { partnerModes } from '../../engine/api';
import { effectStates } from '../../ledger/effects';
import { replayOutcomes, replayStates } from '../../ledger/operators';
import { deadLetterKinds, parkKinds, runKinds, runStates } from '../../ledger/runs';
import { alertKinds, alertStates } from '../../model/alert';
import { caseActions, caseStateNames } from '../../model/case';
import { fact as factSchema, money } from '../../model/fact';
import { exceptionCodes, severities } from '../../model/taxonomy';
import { traceKinds } from '../views/trace';
import { anyJson, instant, pageOf } from './common';

const id = z.string();

export const caseView = z
  .looseObject({
    id,
    subject: z.string().describe('Shipment key'),
    code: z.enum(exceptionCodes),
    state: z.enum(caseStateNames),
    severity: z.enum(severities),
    version: z.int().describe('Give it as `expectedVersion`'),
    correlationId: id,
    onsetAt: instant,
    detectedAt: instant,
    updatedAt: instant,
    partner: z.string(),
    region: z.string().optional(),
    warehouse: z.string().optional(),
    assignee: z.string().optional(),
    parent: id.optional().describe('The incident that it waits for'),
    level: z.int(),
    reopenCount: z.int(),
    planVersion: z.int(),
  })
  .meta({ id: 'Case' });

export const factView = z
  .looseObject({
    event: z
      .looseObject({
        specversion: z.literal('1.0'),
        id,
        source: z.string(),
        type: z.string(),
        subject: z.string(),
        time: instant,
        dataschema: z.string(),
        correlationid: id,
        recordedtime: instant,
        data: factSchema.shape.data,
      })
      .describe('CloudEvents 1.0, structured mode'),
    partner: z.string(),
    rawId: id.optional(),
    runId: id.optional(),
  })
  .meta({ id: 'Fact' });

const failure = z
  .looseObject({
    code: z.string(),
    message: z.string(),
    hint: z.string().optional(),
    nodeId: z.string().optional(),
    flowId: z.string().optional(),
  })
  .meta({ id: 'Failure' });

export const runView = z
  .looseObject({
    id,
    kind: z.enum(runKinds),
    ref: id,
    orderKey: z.string(),
    correlationId: id,
    rootRunId: id,
    state: z.enum(runStates),
    attempt: z.int(),
    createdAt: instant,
    startedAt: instant.optional(),
    settledAt: instant.optional(),
    flowVersion: z.string().optional(),
    lastError: failure.optional(),
    trace: z
      .array(
        z.looseObject({
          nodeId: z.string(),
          nodeType: z.string(),
          at: instant,
          durationMs: z.number().optional(),
          outputs: z.array(z.string()).optional(),
          error: z.string().optional(),
        }),
      )
      .optional()
      .describe('Nodes visited, in order'),
  })
  .meta({ id: 'Run' });

export const effectView = z
  .looseObject({
    key: z.string(),
    runId: id,
    caseId: id.optional(),
    partner: z.string(),
    operation: z.string(),
    safety: z.string(),
    step: z.string(),
    target: z.string(),
    state: z.enum(effectStates),
    sends: z.int().describe('How many times it was sent'),
    adopted: z.boolean().describe('A look-up found what an unanswered send had done'),
    reference: z.string().optional(),
    at: instant,
    updatedAt: instant,
    confirmedAt: instant.optional(),
  })
  .meta({ id: 'Effect' });

export const waitView = z
  .looseObject({
    id,
    runId: id,
    nodeId: z.string(),
    kind: z.enum(parkKinds),
    state: z.enum(['waiting', 'resumed', 'cancelled']),
    dueAt: instant.optional(),
    signal: z.string().optional(),
    at: instant,
  })
  .meta({ id: 'Wait' });

export const deadLetterView = z
  .looseObject({
    id,
    kind: z.enum(deadLetterKinds),
    ref: id,
    runId: id.optional(),
    partner: z.string().optional(),
    operation: z.string().optional(),
    reason: failure,
    fingerprint: z.string(),
    attempt: z.int(),
    state: z.enum(['open', 'replayed', 'discarded']),
    at: instant,
    resolvedAt: instant.optional(),
    message: anyJson.optional().describe('The message at the failed node; not in lists'),
  })
  .meta({ id: 'DeadLetter' });

export const deadLetterGroup = z
  .looseObject({
    fingerprint: z.string(),
    count: z.int(),
    latestAt: instant,
    sample: deadLetterView,
  })
  .meta({ id: 'DeadLetterGroup' });

export const traceEntry = z
  .looseObject({
    at: instant.describe('When Reroute recorded it'),
    kind: z.enum(traceKinds),
    id,
    title: z.string(),
    subject: z.string().optional(),
    partner: z.string().optional(),
    caseId: id.optional(),
    runId: id.optional(),
    late: z.boolean().optional().describe('A fact that became known after a later one of its subject'),
    retracted: z.boolean().optional().describe('A fact that another one has taken back since'),
    record: anyJson.describe('The fact, run, effect ... itself'),
  })
  .meta({ id: 'TraceEntry' });

const linkView = z.looseObject({
  kind: z.string(),
  namespace: z.string(),
  value: z.string(),
  subject: z.string(),
  firstFactId: id,
  firstAt: instant,
  assertedBy: z.string(),
});

export const traceView = z
  .looseObject({
    identifier: z.string(),
    roots: z
      .array(z.string())
      .describe('Subjects that carry the identifier itself; more than one when it is ambiguous'),
    subjects: z.array(z.string()).describe('Everything that was reached through identifier links'),
    related: z
      .array(z.string())
      .describe('Subjects that share a container or a reused tracking number but are other orders'),
    links: z.array(linkView).describe('Where each identifier came from'),
    entries: z.array(traceEntry),
    truncated: z.boolean(),
  })
  .meta({ id: 'Trace' });

const clockView = z.looseObject({
  dueAt: instant,
  remainingMs: z.number(),
  state: z.enum(['running', 'met', 'breached']),
});

export const caseDetail = z
  .looseObject({
    case: caseView,
    clocks: z.looseObject({ acknowledge: clockView.optional(), resolve: clockView.optional() }),
    allowedActions: z.array(z.enum(caseActions)).describe('What this caller may do now'),
    children: pageOf(caseView)
      .optional()
      .describe('Cases that this incident holds up, each with its owner; absent where there are none'),
    question: z
      .looseObject({
        text: z.string(),
        askedAt: instant,
        dueAt: instant.optional(),
        default: z.string().optional().describe('Chosen by itself when nobody decides in time'),
        approvalLimit: money.optional().describe('Above this order value two persons decide'),
        proposal: z
          .looseObject({ choice: z.string(), by: z.string(), at: instant })
          .optional()
          .describe('What the first of two persons has chosen'),
        choices: z.array(
          z.looseObject({
            id,
            label: z.string(),
            consequence: z.string(),
            role: z.string(),
            allowed: z.boolean().describe('Whether this caller may choose it now'),
            needs: z.string().optional().describe('What is missing, or comes next'),
          }),
        ),
      })
      .optional()
      .describe('The decision that people are asked for; answer with the action `decide` and a `choice`'),
    timeline: z.array(traceEntry),
    facts: z.array(factView),
    runs: z.array(runView),
    effects: z.array(effectView),
    waits: z.array(waitView),
    deadLetters: z.array(deadLetterView),
  })
  .meta({ id: 'CaseDetail' });

export const runDetail = z
  .looseObject({
    run: runView,
    flow: z
      .object({
        flowId: z.string(),
        label: z.string(),
        version: z.string().optional(),
        versions: z
          .record(z.string(), z.string())
          .describe('Of the flow and of everything that it used, by flow id'),
      })
      .nullable()
      .describe('What was executed; null where nothing was, or where it ran before versions were kept'),
    chain: z.array(runView).describe('Runs of the same root: waits and resumes'),
    effects: z.array(effectView),
    waits: z.array(waitView),
    deadLetters: z.array(deadLetterView),
  })
  .meta({ id: 'RunDetail' });

export const replayView = z
  .looseObject({
    id,
    name: z.string(),
    reason: z.string(),
    mode: z.enum(['preview', 'live']),
    state: z.enum(replayStates),
    by: z.string(),
    createdAt: instant,
    endedAt: instant.optional(),
    ratePerSecond: z.number(),
    canary: z.int().optional(),
    stopAfterFailures: z.int().optional().describe('It pauses by itself once so many items have failed'),
    selection: anyJson,
  })
  .meta({ id: 'Replay' });

export const replayItemView = z
  .looseObject({
    ordinal: z.int(),
    ref: id,
    kind: z.string(),
    outcome: z.enum(replayOutcomes),
    runId: id.optional(),
    message: z.string().optional(),
    effects: anyJson.optional().describe('Field by field what each effect would do, or did'),
  })
  .meta({ id: 'ReplayItem' });

export const partnerView = z
  .looseObject({
    id,
    connectorId: z.string(),
    title: z.string(),
    region: z.string(),
    kinds: z.array(z.string()).optional().describe('What kind of system it is'),
    tradeLane: z.string().optional().describe('The lane that it shares with others, for parity'),
    mode: z.enum(partnerModes),
    limits: z.looseObject({
      ratePerSecond: z.number(),
      concurrency: z.number(),
      timeoutMs: z.number(),
      maxBodyBytes: z.number(),
      inboundPerSecond: z.number(),
    }),
    breaker: z.enum(['closed', 'open', 'half-open']),
    control: z
      .looseObject({
        held: z.boolean(),
        draining: z.boolean(),
        by: z.string(),
        reason: z.string(),
        at: instant,
      })
      .nullable()
      .describe('What an operator has set'),
    lane: z.looseObject({ waiting: z.int(), active: z.int() }),
    calls: z.looseObject({ ok: z.int(), failed: z.int() }),
    backlog: z.int(),
    fetch: z
      .looseObject({
        kind: z.enum(['feed', 'shipments', 'files']),
        enabled: z.boolean(),
        intervalMs: z.number(),
        lastAt: instant.optional(),
        lastNewsAt: instant.optional(),
        nextAt: instant.optional(),
        fetched: z.int().describe('Deliveries that were new, since the start of this process'),
        failures: z.int().describe('Rounds that failed in a row'),
        error: z.looseObject({ code: z.string(), message: z.string(), at: instant }).optional(),
      })
      .optional()
      .describe('How its feed, shipments or inbox are fetched; absent when it only sends'),
    secrets: z
      .array(
        z.looseObject({ name: z.string(), references: z.int(), readable: z.int(), required: z.boolean() }),
      )
      .optional()
      .describe('References of each secret and how many can be read now: several while a key is rotated'),
  })
  .meta({ id: 'Partner' });

export const alertView = z
  .looseObject({
    id,
    key: z.string().describe('The cause'),
    kind: z.enum(alertKinds),
    rule: z.string(),
    state: z.enum(alertStates),
    severity: z.enum(severities),
    title: z.string(),
    message: z.string(),
    subject: z.string().optional(),
    caseId: id.optional(),
    partner: z.string().optional(),
    region: z.string().optional(),
    detail: anyJson.optional(),
    count: z.int().describe('How often the cause was seen while it is open'),
    firedAt: instant,
    lastAt: instant,
    acknowledgedAt: instant.optional(),
    acknowledgedBy: z.string().optional(),
    resolvedAt: instant.optional(),
  })
  .meta({ id: 'Alert' });

export const auditView = z
  .looseObject({
    id,
    partition: z.int(),
    seq: z.int(),
    at: instant,
    actor: z.string(),
    action: z.string(),
    subject: z.string(),
    reason: z.string().optional(),
    outcome: z.enum(['done', 'refused']),
    previousHash: z.string(),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' });

const counts = z.record(z.string(), z.int());
export const overview = z
  .looseObject({
    at: instant,
    cases: z.looseObject({ open: z.int(), byState: counts, byCode: counts, bySeverity: counts }),
    runs: counts,
    backlog: z.looseObject({ total: z.int(), byPartner: counts }),
    calls: z
      .looseObject({ ok: z.int(), failed: z.int() })
      .describe('Outward calls since the start of this process'),
    partners: z.looseObject({ total: z.int(), held: z.int(), breakersOpen: z.int() }),
  })
  .meta({ id: 'Overview' });
