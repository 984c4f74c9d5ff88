/** Pieces of docs/partner-rest.md that several stand-ins read, and the reading of bodies. */
import { z } from 'zod';
import { type Call, type Outcome, refuse } from '../core/http';

export const quantity = z.object({ value: z.string().regex(/^\d+(\.\d+)?$/), uom: z.string().min(2).max(3) });
export const time = z.iso.datetime({ offset: true });

export const etaBody = z.object({
  etaAt: time,
  asOf: time,
  reason: z.string().optional(),
  lineIds: z.array(z.string()).optional(),
});

/** The body as the schema reads it, or 422 `INVALID` naming the first field that does not fit. */
export function read<T>(schema: z.ZodType<T>, call: Call): T {
  const parsed = schema.safeParse(call.body);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return refuse(422, 'INVALID', `${issue?.path.join('.') || 'body'}: ${issue?.message ?? 'does not fit'}`);
}

export function param(call: Call, name: string): string {
  return call.params[name] ?? '';
}

export interface Eta {
  etaAt: string | null;
  asOf: string | null;
}

/** ETAs by subject, where only a later `asOf` replaces what is stored. */
export class EtaBoard {
  private readonly etas = new Map<string, Eta>();
  private readonly subjectField: string;

  /** @param subjectField name of the subject in answers, e.g. `orderNumber` */
  constructor(subjectField: string) {
    this.subjectField = subjectField;
  }

  stored(subject: string): Eta {
    return this.etas.get(subject) ?? { etaAt: null, asOf: null };
  }

  get(subject: string): Outcome {
    return { status: 200, body: { [this.subjectField]: subject, ...this.stored(subject) } };
  }

  put(subject: string, target: string, call: Call): Outcome {
    const { etaAt, asOf } = read(etaBody, call);
    const before = this.stored(subject);
    const stale = before.asOf !== null && Date.parse(before.asOf) > Date.parse(asOf);
    const unchanged = stale || (before.asOf === asOf && before.etaAt === etaAt);
    const after = unchanged ? before : { etaAt, asOf };
    return {
      status: 200,
      body: { [this.subjectField]: subject, ...after },
      work: { target, reference: asOf, unchanged, commit: () => this.etas.set(subject, after) },
    };
  }
}
