/** Splitting what leaves for an order line, where an ERP plans it in schedules or moves: what is answered, and how it is taken back. */
import { z } from 'zod';
import { plainDecimal, subtract } from './decimal';

interface Wanted {
  order: string;
  line: string;
  quantity: string;
  keepQuantity: string;
  laterDate: string;
}

/** @param schedule what leaves as planned. @param laterLine what holds the rest */
export const splitOutput = (schedule: string, laterLine: string) =>
  z.object({
    order: z.string(),
    line: z.string(),
    schedule: z.string().describe(schedule),
    keepQuantity: z.string(),
    laterLine: z.string().describe(laterLine),
    laterQuantity: z.string(),
    laterDate: z.string(),
  });
type Output = z.infer<ReturnType<typeof splitOutput>>;

/** Quantity of the rest. */
export const laterQuantity = ({
  quantity,
  keepQuantity,
}: Pick<Wanted, 'quantity' | 'keepQuantity'>): string => subtract(quantity, keepQuantity) ?? '';

/** The split as it was wanted, with the ids that the ERP gave. */
export const splitDone = (wanted: Wanted, schedule: string, laterLine: string): Output => ({
  order: wanted.order,
  line: wanted.line,
  schedule,
  keepQuantity: plainDecimal(wanted.keepQuantity) ?? wanted.keepQuantity,
  laterLine,
  laterQuantity: laterQuantity(wanted),
  laterDate: wanted.laterDate,
});

/** `mergeLine` puts the two together again. */
export const splitUndo = {
  operation: 'mergeLine',
  input: (wanted: Wanted, done: Output) => ({
    order: wanted.order,
    line: wanted.line,
    schedule: done.schedule,
    keptQuantity: wanted.keepQuantity,
    laterLine: done.laterLine,
    quantity: wanted.quantity,
  }),
};
