/**
 * What a partner's analysts set on its facts after the mapping: private qualifiers, custom fields, their own warehouse codes.
 * Each override is one JSONata expression over `{ fact, payload }` and one place in the fact. It never decides what happened:
 * time, milestone, exception and vendor code stay as the mapping made them.
 */
import type { z } from 'zod';
import type { NormalizeReport, NormalizeResult } from '../../connectors/kit/connector';
import { parseJson, reject } from '../../connectors/kit/json';
import { looksLikeXml, parseXml } from '../../connectors/kit/xml';
import { isRerouteError } from '../../model/errors';
import { type FactData, type FactDraft, factContext, factData, identifiers } from '../../model/fact';
import { compileBounded, type Evaluate } from '../expressions';

export interface Override {
  /** `identifiers.<kind>`, `context.<field>`, `place.<field>`, `bizStep` or `disposition`. */
  set: string;
  /** JSONata; nothing leaves the field as it is, null takes it away. */
  to: string;
}

/** One evaluation, and all of one payload, milliseconds. */
const evaluationMs = 100;
const payloadMs = 2_000;
export const maxOverrides = 50;

const place = factData.shape.place.unwrap();
const sections: Readonly<Record<string, z.ZodObject>> = { identifiers, context: factContext, place };
const plainFields: ReadonlySet<string> = new Set(['bizStep', 'disposition']);

/** Every place that may be set, for the form and the documentation. */
export const overrideTargets: readonly string[] = [
  ...Object.entries(sections).flatMap(([section, schema]) =>
    Object.keys(schema.shape).map((field) => `${section}.${field}`),
  ),
  ...plainFields,
];
const targets: ReadonlySet<string> = new Set(overrideTargets);

/** Sentences that say what is wrong; empty when all can run. */
export function overrideProblems(overrides: readonly Override[]): string[] {
  const problems = overrides.length > maxOverrides ? [`There are more than ${maxOverrides} overrides.`] : [];
  for (const { set, to } of overrides) {
    if (!targets.has(set))
      problems.push(
        `Override "${set}" is no place that may be set: ${overrideTargets.slice(0, 3).join(', ')}, ...`,
      );
    try {
      compileBounded(to, `the override of ${set}`, evaluationMs);
    } catch (error) {
      problems.push(`${error instanceof Error ? error.message : String(error)}.`);
    }
  }
  return problems;
}

interface Compiled {
  set: string;
  evaluate: Evaluate;
}

export class Overrides {
  private readonly compiled: readonly Compiled[];

  /** @throws FatalError EXPRESSION_INVALID; see `overrideProblems` */
  constructor(
    overrides: readonly Override[],
    /** Namespace of an identifier that an expression gives as bare text. */
    private readonly namespace: string,
  ) {
    this.compiled = overrides.map(({ set, to }) => ({
      set,
      evaluate: compileBounded(to, `the override of ${set}`, evaluationMs),
    }));
  }

  /** A fact keeps what the mapping gave it wherever an override fails; each failing override is reported once a payload. */
  async apply(result: NormalizeResult, body: Uint8Array, now: () => number): Promise<NormalizeResult> {
    if (this.compiled.length === 0 || result.facts.length === 0) return result;
    const payload = payloadOf(body);
    const deadline = now() + payloadMs;
    const failures = new Map<string, { first: NormalizeReport; count: number }>();
    const facts: FactDraft[] = [];
    for (const draft of result.facts) {
      let { data } = draft;
      for (const override of this.compiled) {
        const changed =
          now() > deadline
            ? reject('OVERRIDE_TIMEOUT', `the overrides of this payload took longer than ${payloadMs} ms`)
            : await this.applyOne(override, data, payload);
        if (isReport(changed)) note(failures, override.set, changed);
        else data = changed;
      }
      facts.push(data === draft.data ? draft : { ...draft, data });
    }
    const reports = [...failures.values()].map(({ first, count }) => ({
      ...first,
      message: count > 1 ? `${first.message} (${count} facts)` : first.message,
    }));
    return { ...result, facts, reports: [...result.reports, ...reports] };
  }

  private async applyOne(
    { set, evaluate }: Compiled,
    data: FactDraft['data'],
    payload: unknown,
  ): Promise<FactDraft['data'] | NormalizeReport> {
    try {
      const value = await evaluate({ fact: data, payload });
      return value === undefined ? data : this.setOn(data, set, value);
    } catch (error) {
      if (isRerouteError(error)) return reject('OVERRIDE_FAILED', error.message.slice(0, 500));
      throw error;
    }
  }

  private setOn(data: FactDraft['data'], set: string, value: unknown): FactDraft['data'] | NormalizeReport {
    const [section = '', field] = set.split('.');
    if (field === undefined) return checked({ ...data, [section]: value ?? undefined }, set);
    const before = (data as Record<string, unknown>)[section] as Record<string, unknown> | undefined;
    const given = section === 'identifiers' ? this.identifiersOf(field, value) : value;
    const { [field]: _old, ...others } = before ?? {};
    const after = value === null ? others : { ...others, [field]: given };
    return checked({ ...data, [section]: after }, set);
  }

  /** Bare text is an identifier in the partner's own namespace. */
  private identifiersOf(kind: string, value: unknown): unknown {
    return (Array.isArray(value) ? value : [value]).map((item: unknown) => {
      if (typeof item !== 'string' || kind === 'sscc') return item;
      return kind === 'trackingNumber'
        ? { carrier: this.namespace, value: item }
        : { namespace: this.namespace, value: item };
    });
  }
}

const unraw = factData.omit({ raw: true });

function checked(after: Record<string, unknown>, set: string): FactDraft['data'] | NormalizeReport {
  const parsed = unraw.safeParse(JSON.parse(JSON.stringify(after)));
  if (parsed.success) return parsed.data as Omit<FactData, 'raw'>;
  const issue = parsed.error.issues[0];
  return reject(
    'OVERRIDE_INVALID',
    `the override of ${set} does not fit the fact: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.slice(
      0,
      500,
    ),
  );
}

const isReport = (value: object): value is NormalizeReport => 'kind' in value && 'code' in value;

function note(
  failures: Map<string, { first: NormalizeReport; count: number }>,
  set: string,
  report: NormalizeReport,
): void {
  const key = `${set} ${report.code}`;
  const known = failures.get(key);
  if (known) known.count += 1;
  else failures.set(key, { first: report, count: 1 });
}

const maxTextBytes = 1024 * 1024;

/** JSON or XML as data, other text as it is; undefined for bytes that are none. */
function payloadOf(body: Uint8Array): unknown {
  if (looksLikeXml(body)) {
    const xml = parseXml(body);
    if (xml.ok) return xml.value;
  }
  const json = parseJson(body);
  if (json.ok) return json.value;
  if (body.byteLength > maxTextBytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return undefined;
  }
}
