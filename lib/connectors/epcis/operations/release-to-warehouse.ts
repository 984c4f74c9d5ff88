import { z } from 'zod';
import { type CallContext, type OperationResult, operation } from '../../kit/connector';
import { ask, foundOrThrow, segment, tell } from '../../kit/partner-rest';
import { line, type Release, release } from '../rest';

const input = z.object({
  reference: z
    .string()
    .min(1)
    .max(200)
    .describe('Our name for this release, unique, e.g. delivery and plan version'),
  orderNumber: z.string().min(1).max(200).describe('Order to work on'),
  deliveryId: z.string().max(200).optional().describe('Delivery in the ERP'),
  reservationId: z.string().max(200).optional().describe('Reservation that is used up'),
  lines: z.array(line).min(1).max(1000).describe('What is to be picked'),
});
type Input = z.infer<typeof input>;

function outcomeOf(made: Release): OperationResult<Release> {
  if (made.state === 'REFUSED' || made.state === 'CANCELLED') {
    return {
      outcome: 'fatal',
      message: `the warehouse has release ${made.reference} as ${made.state}`,
      vendorCode: made.state,
    };
  }
  return { outcome: 'ok', output: made, confirmed: made.state !== 'QUEUED', reference: made.reference };
}

/** `POST /releases`, keyed. The pivot of a remediation: after it work goes on, it is not taken back, so there is no undo. */
export const releaseToWarehouse = operation<Input, Release>({
  id: 'releaseToWarehouse',
  title: 'Release to warehouse',
  description: 'Starts the work on the floor. From here on a remediation only goes forward.',
  kind: 'wms',
  safety: 'keyed',
  idempotencyHeader: 'Idempotency-Key',
  input,
  output: release,
  target: (wanted) => `releases/${wanted.reference}`,
  async send(wanted, call: CallContext) {
    const answer = await tell(
      call,
      { method: 'POST', path: '/releases', json: wanted, keyed: true },
      release,
    );
    return answer.ok ? outcomeOf(answer.value) : answer.refusal;
  },
  async lookUp(wanted, call) {
    const found = foundOrThrow(await ask(call, `/releases/${segment(wanted.reference)}`, release));
    if (found === undefined) return { found: false };
    return { found: true, output: found, confirmed: found.state !== 'QUEUED', reference: found.reference };
  },
});
