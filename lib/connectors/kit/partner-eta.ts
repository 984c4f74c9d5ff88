/** The ETA calls of docs/partner-rest.md: TMS, storefront and CRM take an ETA alike. */
import { z } from 'zod';
import { type Operation, operation, type SystemKind } from './connector';
import { quietly } from './outbound';
import { ask, foundOrThrow, restTime, tell } from './partner-rest';

const stored = z.looseObject({ etaAt: restTime.nullish(), asOf: restTime.nullish() });
type Stored = z.infer<typeof stored>;

const common = {
  etaAt: restTime.describe('Estimated arrival, RFC 3339 with offset'),
  asOf: restTime.describe('When the estimate was made: an older one never replaces a newer one'),
  reason: z.string().max(500).optional().describe('Why it changed, for the people who read it'),
};
const output = z.object({
  etaAt: z.string().nullable().describe('ETA that the partner now holds'),
  applied: z.boolean().describe('False when the partner holds a newer estimate than ours'),
});
type Output = z.infer<typeof output>;
interface Eta {
  etaAt: string;
  asOf: string;
  reason?: string | undefined;
}

const instant = (text: string | null | undefined) =>
  text === null || text === undefined ? undefined : Date.parse(text);

/** Ours is what they hold, or theirs is newer. Undefined when neither holds: then the call did nothing. */
function settled(held: Stored, wanted: Eta): Output | undefined {
  if (instant(held.etaAt) === instant(wanted.etaAt)) return { etaAt: wanted.etaAt, applied: true };
  const theirs = instant(held.asOf);
  if (theirs !== undefined && theirs > Date.parse(wanted.asOf))
    return { etaAt: held.etaAt ?? null, applied: false };
  return undefined;
}

/** An operation `PUT {path}` with a read back of the same path; `subject` names the input field that stands in the path. */
export function etaOperation<K extends string>(definition: {
  id: string;
  title: string;
  description: string;
  kind: SystemKind;
  subject: K;
  subjectText: string;
  path(subject: string): string;
}): Operation {
  const input = z.object({
    [definition.subject]: z.string().min(1).max(200).describe(definition.subjectText),
    ...common,
  });
  type Input = Eta & Record<K, string>;
  const pathOf = (wanted: Input) => definition.path(wanted[definition.subject]);
  return operation<Input, Output>({
    id: definition.id,
    title: definition.title,
    description: definition.description,
    kind: definition.kind,
    safety: 'reconcilable',
    input: input as unknown as z.ZodType<Input>,
    output,
    target: (wanted) => `eta${pathOf(wanted)}`,
    async send(wanted, call) {
      const { etaAt, asOf, reason } = wanted;
      const json = { etaAt, asOf, ...(reason === undefined ? {} : { reason }) };
      const answer = await tell(call, { method: 'PUT', path: pathOf(wanted), json }, stored);
      if (!answer.ok) return answer.refusal;
      const read = await quietly(() => ask(call, pathOf(wanted), stored));
      const held = read?.ok ? read.value : undefined;
      const shown = held === undefined ? undefined : settled(held, wanted);
      if (shown !== undefined) return { outcome: 'ok', output: shown, confirmed: true };
      return {
        outcome: 'ok',
        output: { etaAt: (held ?? answer.value).etaAt ?? null, applied: false },
        confirmed: false,
      };
    },
    async lookUp(wanted, call) {
      const held = foundOrThrow(await ask(call, pathOf(wanted), stored));
      const shown = held === undefined ? undefined : settled(held, wanted);
      return shown === undefined ? { found: false } : { found: true, output: shown, confirmed: true };
    },
  });
}
