import { z } from 'zod';
import { tooLong } from '../../kit/address-room';
import { operation } from '../../kit/connector';
import { intercept as contract } from '../../kit/contracts/carrier';
import type { Json } from '../../kit/text';
import { interceptPhone, requesterOf, sendIntercept } from '../intercepts';

/** Reasons of a return to the sender (DeliveryIntercept.yaml, reasonForReturn). */
const returnReasons = ['AM', 'AN', 'AQ', 'AR', 'AS', 'FA', 'KR', 'KS', 'KV'] as const;

const input = contract.input.extend({
  trackingNumber: z
    .string()
    .regex(/^1Z[A-Z0-9]{16}$/)
    .describe('UPS tracking number (1Z...)'),
  returnReason: z
    .enum(returnReasons)
    .default('KV')
    .describe('UPS reason of a return, e.g. AM cancelled order, FA bad address, KV other'),
});
type Input = z.infer<typeof input>;
type Output = z.infer<typeof contract.output>;

const paths = {
  RETURN: 'return',
  REDIRECT: 'redirect/address',
  HOLD: 'willcall',
  RESCHEDULE: 'reschedule',
} as const;
const types = { RETURN: 'RS', REDIRECT: 'AA', HOLD: 'WC', RESCHEDULE: 'FD' } as const;

const room = { carrier: 'UPS', line: 35, city: 30, postalCode: 10 };

/** What only one of the actions needs; a sentence when it is missing. */
function detailsOf(wanted: Input): Json | string {
  if (wanted.action === 'RETURN') return { reasonForReturn: wanted.returnReason };
  if (wanted.action === 'RESCHEDULE')
    return wanted.date === undefined
      ? 'a new delivery day is needed to reschedule'
      : { deliveryDate: wanted.date.replaceAll('-', '') };
  if (wanted.action === 'HOLD') return {};
  const { to } = wanted;
  if (to?.region === undefined || to.postalCode === undefined)
    return 'the new address with its state and postal code is needed to redirect';
  const [line1 = '', ...others] = to.lines;
  const unfit =
    tooLong({ ...room, line: 50 }, { ...to, lines: [line1] }) ?? tooLong(room, { ...to, lines: others });
  if (unfit !== undefined) return unfit;
  const [line2, line3] = others;
  const phone = interceptPhone(to.phone, to.country);
  return {
    newDeliveryAddress: {
      addressNickName: 'Redirect',
      addressInfo: {
        addressLine1: line1,
        ...(line2 === undefined ? {} : { addressLine2: line2 }),
        ...(line3 === undefined ? {} : { addressLine3: line3 }),
        city: to.city,
        state: to.region,
        postalCode: to.postalCode,
        countryCode: to.country,
      },
      nameOrCompanyName: to.company ?? to.name ?? '',
      ...(to.name === undefined ? {} : { contactName: to.name }),
      ...(phone === undefined ? {} : { phoneNumber: phone }),
    },
  };
}

/**
 * DeliveryIntercept.yaml: POST /return, /redirect/address, /willcall and /reschedule below /api/deliveryintercept/v2. UPS neither takes an
 * idempotency key nor shows who asked for an intercept: after a lost answer a person decides.
 */
export const intercept = operation<Input, Output>({
  id: 'intercept',
  title: 'Intercept a delivery',
  description:
    'Has a package returned, redirected, held for will call or delivered on a later day. UPS charges for it.',
  kind: 'carrier',
  safety: 'irreversible',
  costs: true,
  input,
  output: contract.output,
  target: ({ trackingNumber, action }) => `intercept/${trackingNumber}/${action}`,
  undo: { operation: 'cancelIntercept', input: ({ trackingNumber }) => ({ trackingNumber }) },
  async send(wanted, call) {
    const requester = requesterOf(call);
    if (requester === undefined)
      return { outcome: 'fatal', message: 'set contact name and phone in the partner: intercepts need them' };
    const details = detailsOf(wanted);
    if (typeof details === 'string') return { outcome: 'fatal', message: details };
    const { action, trackingNumber, reason } = wanted;
    const answer = await sendIntercept(call, paths[action], trackingNumber, {
      requestType: types[action],
      requesterContactInfo: requester,
      specialInstructions: action === 'REDIRECT' && reason !== undefined ? reason.slice(0, 254) : null,
      ...details,
    });
    if ('refusal' in answer) return answer.refusal;
    const { transactionId: id } = answer;
    return {
      outcome: 'ok',
      output: { trackingNumber, state: 'CONFIRMED', ...(id === undefined ? {} : { interceptId: id }) },
      confirmed: true,
      ...(id === undefined ? {} : { reference: id }),
    };
  },
});
