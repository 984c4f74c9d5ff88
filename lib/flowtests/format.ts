/**
 * The flow test file: what is given, what partners answer, what is expected. YAML 1.2 or JSON beside the flow, `<flow>.flowtest.yaml`.
 * Texts that begin with `=` are JSONata (see `templates.ts`). The JSON Schema in docs/schemas is made from this.
 */
import { z } from 'zod';
import { partnerModes } from '../engine/api';
import { alertKinds, alertStates } from '../model/alert';
import { caseRoles, caseStateNames } from '../model/case-types';
import { effectStates } from '../model/effect';
import {
  evidence,
  factContext,
  factTypes,
  milestones,
  rfc3339,
  timeClassifiers,
  timeConfidences,
} from '../model/fact';
import { exceptionCodes, severities } from '../model/taxonomy';

const text = z.string().min(1);
/** Checked where it is used: templates may stand in every place. */
const anything = z.unknown();
const properties = z.record(z.string(), anything);
const template = z.string().startsWith('=');

export const durationPattern = /^\d+(\.\d+)?\s*(ms|s|m|h|d)$/;
const duration = z.string().regex(durationPattern, 'write a duration like 90s, 30m, 2h or 7d');
/** A moment: RFC 3339, or so long before or after the start of the clock: `-30m`, `+2h`. */
const moment = z.union([
  rfc3339,
  template,
  z
    .string()
    .regex(/^[+-]\d+(\.\d+)?\s*(ms|s|m|h|d)$/, 'write RFC 3339, or a time from the start like -30m or +2h'),
]);

const quantityText = z.union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)]);
const oneOrMany = <T extends z.ZodType>(item: T) => z.union([item, z.array(item)]);

const givenIdentifier = z.union([
  z.string(),
  z.number(),
  z.strictObject({ namespace: text, value: text }),
  z.strictObject({ carrier: text, value: text, shipDate: z.iso.date().optional() }),
]);

const line = z.strictObject({
  line: z.union([z.string(), z.number()]).describe('Line number as the order names it'),
  item: text.optional(),
  expected: quantityText,
  actual: quantityText,
  uom: z.string().min(2).max(3).default('EA').describe('UNECE Rec 20 unit code'),
});

const givenFact = z.strictObject({
  fact: z
    .enum([...exceptionCodes, ...milestones, 'OTHER'])
    .describe('An exception code of the taxonomy, a milestone, or OTHER for a fact that says neither'),
  partner: text.optional().describe('Who says it: the id of a partner; `reroute` unless told'),
  key: text
    .optional()
    .describe(
      'Business key of the event; two facts with one key are one fact. By its place in the list unless told',
    ),
  at: moment.optional().describe('When it happened; the present of the clock unless told'),
  recordedAt: moment.optional().describe('When the source recorded it; for estimates, when they were made'),
  type: z.enum(factTypes).optional(),
  time: z.enum(timeClassifiers).default('ACTUAL'),
  timeConfidence: z.enum(timeConfidences).default('SOURCE_OFFSET'),
  order: z.union([z.string(), z.number()]).optional().describe('Short for identifiers.orderNumber'),
  identifiers: z
    .record(z.string(), oneOrMany(givenIdentifier))
    .optional()
    .describe('By kind: a value, a list, or objects with their namespace'),
  context: z.record(z.enum(Object.keys(factContext.shape)), anything).optional(),
  lines: oneOrMany(line).optional().describe('Discrepancies: what was expected and what was there'),
  exception: properties
    .optional()
    .describe('More of data.exception: attemptCount, delayMinutes, holdReason, errorCode, message'),
  place: properties.optional(),
  text: z.string().optional().describe("The sender's own words"),
  evidence: z.array(evidence).optional(),
  milestone: z.enum(milestones).optional().describe('With an exception: how far the shipment had come'),
  data: properties.optional().describe('Anything else of the fact, as the canonical model has it'),
});
export type GivenFact = z.infer<typeof givenFact>;

const givenPayload = z
  .strictObject({
    partner: text,
    payload: anything.optional().describe('The body: an object is sent as JSON, a text as it is'),
    file: text.optional().describe('A file beside the test that holds the body'),
    mediaType: text.optional(),
    headers: z.record(z.string(), z.string()).optional(),
  })
  .refine((given) => (given.payload === undefined) !== (given.file === undefined), 'give payload or file');
export type GivenPayload = z.infer<typeof givenPayload>;

const given = z.union([givenFact, givenPayload]);
export type Given = z.infer<typeof given>;

const found = z.union([
  z.literal('nothing'),
  z.strictObject({ ok: anything, confirmed: z.boolean().optional() }),
]);

export const answer = z.union([
  z.strictObject({
    ok: anything.describe('The output, as the operation defines it'),
    confirmed: z.boolean().default(true).describe('False: taken, but the answer does not show the new state'),
    reference: text.optional(),
    lookUp: found.optional().describe('What a look-up finds; this answer once it was sent, unless told'),
  }),
  z.strictObject({
    business: z.enum(exceptionCodes).describe('Refused for a business reason'),
    message: text.default('refused'),
    vendorCode: text.optional(),
  }),
  z.strictObject({
    technical: text.describe('Surely not done, and trying again does not help'),
    vendorCode: text.optional(),
  }),
  z.strictObject({ retry: text.describe('Surely not done; the engine tries again by itself') }),
  z.strictObject({
    unknown: text.describe('Nobody answered'),
    done: anything
      .optional()
      .describe('The output when the partner did carry it out; left out: it never arrived'),
    lookUp: found.optional(),
  }),
]);
export type Answer = z.infer<typeof answer>;

const answerKey = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9-]*\.[A-Za-z][\w-]*(@.+)?$/,
    'name the call like erp.findOrder, or erp.findOrder@verify for one step only',
  );
const answers = z
  .record(answerKey, oneOrMany(answer))
  .describe(
    'By partner (its id or its kind) and operation; of a list each call takes the next, the last one stays',
  );
export type Answers = z.infer<typeof answers>;

const expectedEffect = z.union([
  text.describe('The step'),
  z.strictObject({
    step: text.optional(),
    call: text.optional().describe('partner.operation'),
    input: anything.optional().describe('What the input must hold at least'),
    output: anything.optional(),
    state: z.enum(effectStates).optional(),
    sends: z.int().min(0).optional(),
    pivot: z.boolean().optional(),
  }),
]);
export type ExpectedEffect = z.infer<typeof expectedEffect>;

const expectedCase = z.strictObject({
  code: z.enum(exceptionCodes).optional(),
  state: z.enum(caseStateNames).optional(),
  severity: z.enum(severities).optional(),
  outcome: text.optional().describe('Of the decision that stands, whoever made it'),
  row: z
    .int()
    .nullable()
    .optional()
    .describe('Row of the policy table, the first is 0; null when no row was hit'),
  policy: text.optional().describe('name or name@version'),
  inputs: properties.optional().describe('Of the decision, at least these'),
  context: properties.optional(),
  reopenCount: z.int().optional(),
});
export type ExpectedCase = z.infer<typeof expectedCase>;

const expectedLetter = z.union([
  text.describe('Its code'),
  z.strictObject({ code: text.optional(), node: text.optional(), message: text.optional() }),
]);
export type ExpectedLetter = z.infer<typeof expectedLetter>;

const expectedAlert = z.strictObject({
  kind: z.enum(alertKinds).optional().describe('The channel'),
  rule: text.optional().describe('flow, clock.acknowledge, clock.resolve, cut-off, incident ...'),
  severity: z.enum(severities).optional(),
  title: text.optional(),
  message: text.optional(),
  state: z.enum(alertStates).optional(),
  count: z.int().optional(),
});

export const expectation = z.strictObject({
  cases: oneOrMany(expectedCase).optional().describe('All of them, in the order in which they were opened'),
  effects: z
    .array(expectedEffect)
    .optional()
    .describe('All effects that were done or tried, reads and taking back left out, in their order'),
  includes: z.array(expectedEffect).optional().describe('These among the effects, in any order'),
  compensated: z.array(text).optional().describe('Steps that were taken back, in that order'),
  deadLetters: z
    .array(expectedLetter)
    .optional()
    .describe('All of them; none are allowed when this is left out'),
  alerts: z.array(expectedAlert).optional().describe('All of them, in the order in which they fired'),
  never: z
    .array(text)
    .optional()
    .describe('Calls that must not be made: partner, partner.operation or a step'),
  calls: z.record(text, z.int().min(0)).optional().describe('How often a call was sent: partner.operation'),
  waiting: z.array(text).optional().describe('Names of the nodes at which messages wait'),
});
export type Expectation = z.infer<typeof expectation>;

const operatorAction = z.strictObject({
  action: z.enum([
    'takeOver',
    'handBack',
    'close',
    'cancel',
    'reopen',
    'escalate',
    'note',
    'resolve',
    'verify',
  ]),
  reason: text.default('flow test'),
  evidence: z.array(z.strictObject({ system: text, description: text })).optional(),
});

const who = { by: text.default('user:operator'), role: z.enum(caseRoles).default('operator') };
const ofCase = {
  case: z.enum(exceptionCodes).optional().describe('Which case; the last one opened unless told'),
};

export const step = z.union([
  z.strictObject({ advance: duration.describe('Time goes by; timers that become due fire in their order') }),
  z.strictObject({ advanceTo: moment }),
  z.strictObject({ given: z.array(given).min(1) }),
  z.strictObject({ answers }),
  z.strictObject({
    signal: text.describe('name:key'),
    payload: anything.optional(),
    by: text.default('user:operator'),
  }),
  z.strictObject({
    decide: text.describe('The outcome that a person chooses'),
    then: properties.optional(),
    reason: text.default('flow test'),
    ...who,
    ...ofCase,
  }),
  z.strictObject({ approve: text.describe('Step of an effect that waits for approval'), ...who, ...ofCase }),
  z.strictObject({ decline: text, ...who, ...ofCase }),
  z.strictObject({ operator: operatorAction, ...who, ...ofCase }),
  z.strictObject({ expect: expectation }),
]);
export type Step = z.infer<typeof step>;

export const faultKinds = ['business', 'technical', 'unknown', 'lost'] as const;
/** `unknown`: nobody answered and the partner has done it; `lost`: nobody answered and it never arrived. */
export type FaultKind = (typeof faultKinds)[number];

const faultMatrix = z.union([
  z.boolean(),
  z.strictObject({
    kinds: z
      .array(z.enum(faultKinds))
      .min(1)
      .default([...faultKinds]),
    except: z.array(text).default([]).describe('Steps that are not failed'),
  }),
]);

const common = {
  clock: rfc3339
    .optional()
    .describe('When the scenario begins; the clock stands still unless it is advanced'),
  settings: properties.optional().describe("Environment of the flow's tab, over what stands in the flow"),
  modes: z.record(text, z.enum(partnerModes)).optional().describe('Mode by partner'),
  answers: answers.optional(),
};

export const scenario = z.strictObject({
  name: text,
  description: z.string().optional(),
  ...common,
  given: z.array(given).min(1),
  then: z.array(step).default([]),
  expect: expectation,
  faultMatrix: faultMatrix
    .default(false)
    .describe(
      'Runs the scenario again for every effect with that effect failing, and checks that the end is consistent',
    ),
});
export type Scenario = z.infer<typeof scenario>;

export const flowTest = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1).default(1),
  flow: text
    .optional()
    .describe('The flow file, from here; the one of the same name, else flow.json, unless told'),
  with: z.array(text).default([]).describe('More flow files that are loaded, from here'),
  partners: z
    .record(
      text,
      z.strictObject({
        connector: text,
        id: text.optional(),
        settings: properties.default({}),
        region: z.string().default(''),
      }),
    )
    .default({})
    .describe('Partners that no configuration beside the flow has, by the id of their node'),
  ...common,
  scenarios: z.array(scenario).min(1),
});
export type FlowTest = z.infer<typeof flowTest>;
