/** Shapes of what screens show of the whole: facets, measures, alerts, saved views, bulk actions. */
import { z } from 'zod';
import { caseFacets } from '../../ledger/insights';
import { exceptionCodes, severities } from '../../model/taxonomy';
import { caseView } from './answers';
import { caseActionRole } from './cases';
import { instant, reason } from './common';

const valueCount = z.looseObject({ value: z.string().describe("'' stands for none"), count: z.int() });

export const facetView = z
  .looseObject({
    total: z.int().describe('Cases that fit the whole filter'),
    facets: z
      .record(z.enum(caseFacets), z.array(valueCount))
      .describe('Per field its values; the field itself is left out of the filter for its own counts'),
  })
  .meta({ id: 'CaseFacets' });

const share = z.number().nullable().describe('0 to 1; null when there was nothing to count');
const duration = z
  .looseObject({ count: z.int(), p50Ms: z.number().nullable(), p90Ms: z.number().nullable() })
  .meta({ id: 'DurationMeasure' });
const adherence = z.looseObject({ met: z.int(), missed: z.int(), rate: share });

export const atRisk = z
  .looseObject({
    caseId: z.string(),
    code: z.enum(exceptionCodes),
    severity: z.enum(severities),
    subject: z.string(),
    order: z.string().optional().describe('Order number'),
    clock: z.enum(['acknowledge', 'resolve']),
    dueAt: instant,
    promisedAt: instant.optional(),
    value: z.looseObject({ amountMinor: z.string(), currency: z.string() }).optional(),
    slaTier: z.string().optional(),
    assignee: z.string().optional(),
  })
  .meta({ id: 'AtRisk' });

export const agingView = z
  .looseObject({
    boundsMs: z.array(z.number()).describe('Ages that part the buckets, rising'),
    rows: z.array(
      z.looseObject({ severity: z.enum(severities), counts: z.array(z.int()).describe('Youngest first') }),
    ),
  })
  .meta({ id: 'Aging' });

/** What the overview adds to the counts of before. */
export const overviewMeasures = {
  by: z
    .record(z.string(), z.array(valueCount))
    .describe('Open cases by code, partner, region, warehouse, carrier'),
  aging: agingView,
  clocks: z
    .looseObject({
      overdue: z.int(),
      withinHour: z.int(),
      withinFourHours: z.int(),
      withinDay: z.int(),
      atRisk: z.array(atRisk).describe('Clocks that end next, most at stake first'),
    })
    .describe('Running clocks of open cases'),
  windowDays: z.int().describe('How far back the measures below look, days of UTC'),
  detection: duration.describe('MTTD: detected - onset; onsets without a zone left out'),
  remediation: duration.describe('MTTR: last verified - detected; suppressed and cancelled ones left out'),
  erpLag: duration.describe('From the start of the run to the confirmation by the ERP'),
  sla: z.looseObject({ acknowledge: adherence, resolve: adherence }),
  recurrence: z.looseObject({ detected: z.int(), recurred: z.int(), rate: share }),
  backordersAvoided: z.int(),
  lastDay: z
    .looseObject({
      attempts: z.int(),
      retried: z.int(),
      retryRate: share,
      calls: z.int(),
      failedCalls: z.int(),
      failureRate: share,
      accepted: z.int(),
      duplicates: z.int(),
      duplicateRate: share,
    })
    .describe('Of the last 24 hours'),
  unresolvedStates: z
    .looseObject({ total: z.int(), byCode: z.record(z.string(), z.int()) })
    .describe('Shipments of which nobody can say how they stand: unmapped, unidentified, without scans'),
  deadLetters: z.looseObject({ open: z.int() }),
  unavailable: z
    .array(z.string())
    .describe('Fields above that cannot be told within the limits of the caller; they are empty'),
};

export const seriesView = z
  .looseObject({
    name: z.string(),
    by: z.string().nullable(),
    step: z.enum(['hour', 'day']),
    points: z.array(
      z.looseObject({
        at: instant,
        value: z.string().optional().describe('Of the dimension'),
        count: z.number(),
        p50Ms: z.number().optional(),
        p90Ms: z.number().optional(),
      }),
    ),
  })
  .meta({ id: 'Series' });

export const scorecard = z
  .looseObject({
    value: z.string(),
    open: z.int(),
    detected: z.int(),
    recurred: z.int(),
    recurrenceRate: share,
    mttdP50Ms: z.number().nullable(),
    mttrP50Ms: z.number().nullable(),
    mttrP90Ms: z.number().nullable(),
    acknowledgeAdherence: share,
    resolveAdherence: share,
    suppressed: z.int(),
    cancelled: z.int(),
    calls: z.int().optional(),
    failedCalls: z.int().optional(),
    duplicates: z.int().optional(),
  })
  .meta({ id: 'Scorecard' });

export const savedViewBody = z.strictObject({
  name: z.string().trim().min(1).max(100),
  location: z
    .string()
    .regex(/^[a-z-]+(\?[\w%.,:+&=*~-]{0,1500})?$/, 'a screen and its query, e.g. cases?severity=S1')
    .describe('Screen and query of the console'),
  shared: z.boolean().default(false).describe('Everybody sees it'),
});

export const savedView = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    location: z.string(),
    owner: z.string(),
    shared: z.boolean(),
    at: instant,
  })
  .meta({ id: 'SavedView' });

/** The most cases that one bulk action touches. */
export const maxBulkCases = 500;

const selection = z
  .array(z.strictObject({ id: z.string().min(1).max(200), expectedVersion: z.int().min(1) }))
  .min(1)
  .max(maxBulkCases)
  .describe('The cases as they were seen; one that has moved on is left alone');

const bulk = <A extends string>(action: A) => ({ action: z.literal(action), reason, cases: selection });

export const bulkAction = z.discriminatedUnion('action', [
  z.strictObject({ ...bulk('assign'), assignee: z.string().trim().min(1).max(100).nullable() }),
  z.strictObject(bulk('note')),
  z.strictObject(bulk('takeOver')),
  z.strictObject(bulk('handBack')),
  z.strictObject(bulk('close')),
  z.strictObject(bulk('escalate')),
  z.strictObject({ ...bulk('suppress'), until: instant }),
  z.strictObject(bulk('cancel')),
  z.strictObject(bulk('reopen')),
]);
export type BulkAction = z.infer<typeof bulkAction>;
export const bulkRole = ({ action }: BulkAction) => caseActionRole(action);

export const bulkOutcome = z
  .looseObject({
    done: z.int(),
    stale: z.int(),
    refused: z.int(),
    items: z.array(
      z.looseObject({
        id: z.string(),
        outcome: z.enum(['done', 'stale', 'refused', 'not-found']),
        detail: z.string().optional(),
        case: caseView.optional(),
      }),
    ),
  })
  .meta({ id: 'BulkOutcome' });
