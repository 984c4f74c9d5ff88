import { z } from 'zod';
import { bringAbout, type Change, lookUpState, type Read } from '../../kit/change';
import { type CallContext, operation } from '../../kit/connector';
import { line, order } from '../fields';
import { type Line, linesOf, locationIdOf, type Order, patchLines, readOrderNumbered } from '../orders';

const location = z.string().min(1).max(60);
const move = z.object({
  line,
  from: location.describe('Location the decision was made on, as readOrder names it'),
  to: location.describe('Name of the location that ships it'),
});
const input = z.object({ order, lines: z.array(move).min(1).max(200) });
type Input = z.infer<typeof input>;
const output = z.object({
  order: z.string(),
  lines: z.array(z.object({ line: z.string(), location: z.string().describe('Location after the change') })),
});
type Output = z.infer<typeof output>;

const lineOf = (found: Order, wanted: string): Line | undefined =>
  linesOf(found).find((one) => String(one.line) === wanted);
const placeOf = (found: Order, wanted: string) => lineOf(found, wanted)?.location?.name ?? '';

async function read({ order: number, lines }: Input, call: CallContext): Promise<Read<Order>> {
  const found = await readOrderNumbered(call, number);
  const missing = found.ok
    ? lines.find(({ line: wanted }) => lineOf(found.state, wanted) === undefined)
    : undefined;
  if (missing === undefined) return found;
  const message = `sales order ${number} has no line ${missing.line}`;
  return { ok: false, refusal: { outcome: 'business', code: 'IDENTIFIER_UNRESOLVED', message } };
}

/** One request for all lines: all of them move or none. */
async function write({ lines }: Input, found: Order, call: CallContext) {
  const ids = new Map<string, string>();
  for (const name of new Set(lines.map(({ to }) => to))) {
    const id = await locationIdOf(call, name);
    if (!id.ok) return id.refusal;
    ids.set(name, id.state);
  }
  return patchLines(
    call,
    found,
    lines.map(({ line: wanted, to }) => ({ line: Number(wanted), location: { id: ids.get(to) } })),
  );
}

function changeOf(wanted: Input, call: CallContext): Change<Order, Output> {
  const { order: number, lines } = wanted;
  return {
    read: () => read(wanted, call),
    intended: (found) => lines.every((one) => placeOf(found, one.line) === one.to),
    refuse(found) {
      const other = lines.find(({ line: at, from, to }) => ![from, to].includes(placeOf(found, at)));
      return other === undefined
        ? undefined
        : `line ${other.line} of ${number} ships from ${placeOf(found, other.line)}, not ${other.from}: decide again`;
    },
    write: (found) => write(wanted, found, call),
    output: (_before, after) => ({
      order: number,
      lines: lines.map(({ line: at }) => ({ line: at, location: placeOf(after, at) })),
    }),
  };
}

/** `PATCH salesOrder` of the lines' `location`, which `GET location?q=name IS ...` resolves. */
export const changeLocation = operation<Input, Output>({
  id: 'changeLocation',
  title: 'Change shipping location',
  description: 'Lets whole lines of an order ship from another location, all of them or none.',
  kind: 'erp',
  safety: 'reconcilable',
  input,
  output,
  target: ({ order: number, lines }) =>
    `salesOrder/${number}/${lines.map((one) => one.line).join(',')}/location`,
  send: (wanted, call) => bringAbout(changeOf(wanted, call)),
  lookUp: (wanted, call) => lookUpState(changeOf(wanted, call)),
  undo: {
    operation: 'changeLocation',
    input: ({ order: number, lines }) => ({
      order: number,
      lines: lines.map((one) => ({ line: one.line, from: one.to, to: one.from })),
    }),
  },
});
