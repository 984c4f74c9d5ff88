/** The changes of `erp.ts` as an ERP takes them: its own formats of numbers, and its own words for what they name. */
import { z } from 'zod';
import { plainDecimal, subtract } from '../decimal';

/** A quantity as text; `whose` names the unit, e.g. `the line`. */
export const ownAmount = (whose: string) =>
  z
    .string()
    .refine(
      (text) => plainDecimal(text) !== undefined && !text.startsWith('-'),
      'a decimal number that is not negative, as text',
    )
    .describe(`Quantity in ${whose}, decimal text`);

/** Numbers and ids that an ERP makes no rule for. */
export const ownNumber = (description: string) => z.string().min(1).max(60).describe(description);

/** For ERPs whose lines leave in stock moves. */
export const stockMove = ownNumber(
  'Id of the stock move, as readOrder names it; the oldest open one of the line when empty',
).optional();

interface Line {
  order: z.ZodString;
  line: z.ZodString;
  amount: z.ZodString;
}

interface Scheduled extends Line {
  schedule: z.ZodOptional<z.ZodString>;
}

const unless = (whose: string) => `${whose}: when it says something else, nothing is changed`;

/** @param what the ERP's word for a line; `unit`: whose unit the new quantity is in */
export const lineQuantityChange = ({ order, line, amount }: Line, { what = 'line', unit = 'unit' } = {}) =>
  z.object({
    order,
    line,
    from: amount.describe(
      `Quantity the decision was made on: when the ${what} says something else, nothing is changed`,
    ),
    to: amount.describe(`New quantity in the ${unit} of the ${what}`),
  });

/** @param what holds quantity and day; `date`: what the day means; `to`: what may be asked for */
export function scheduleChange(
  { order, line, schedule, amount }: Scheduled,
  { what, date, to }: { what: string; date: string; to: string },
) {
  const values = z.object({ quantity: amount, date: z.iso.date().describe(date) });
  return z.object({
    order,
    line,
    schedule,
    from: values.describe(unless(`What the ${what} says now`)),
    to: values.describe(to),
  });
}
/** Quantity and day, as `scheduleChange` takes them. */
export type ScheduledValues = z.infer<ReturnType<typeof scheduleChange>>['to'];

/** @param what is split; `keep`: what stays as it is; `later`: what the day of the rest means */
export const lineSplit = (
  { order, line, schedule, amount }: Scheduled,
  { what, keep, later }: { what: string; keep: string; later: string },
) =>
  z
    .object({
      order,
      line,
      schedule,
      quantity: amount.describe(unless(`Quantity of the ${what} now`)),
      keepQuantity: amount.describe(keep),
      laterDate: z.iso.date().describe(later),
    })
    .refine(
      ({ quantity, keepQuantity }) => /^[1-9]|\.\d*[1-9]/.test(subtract(quantity, keepQuantity) ?? ''),
      {
        message: 'must be less than quantity: what is left goes out later',
        path: ['keepQuantity'],
      },
    );

/** @param what was split; `later`: what goes away again */
export const lineMerge = (
  { order, line, schedule, amount }: Scheduled,
  { what, later }: { what: string; later: z.ZodString },
) =>
  z.object({
    order,
    line,
    schedule,
    laterLine: later,
    keptQuantity: amount.describe(`Quantity of the remaining ${what} now`),
    quantity: amount.describe(`Quantity of the remaining ${what} afterwards`),
  });
