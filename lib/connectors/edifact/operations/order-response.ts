import { z } from 'zod';
import { quantity } from '../../../model/fact';
import { type CallContext, operation } from '../../kit/connector';
import { sameDecimal } from '../../kit/decimal';
import { type Delivered, deliver } from '../../kit/edi/deliver';
import { buildInterchange, controlReferenceOf, type Written } from '../write';
import { verdictIn } from './send-interchange';

const line = z.object({
  lineId: z.string().min(1).max(6).describe("Line number of the buyer's order"),
  item: z.string().min(1).max(35).optional().describe('Article number as the buyer ordered it'),
  itemType: z
    .enum(['EN', 'SA', 'IN'])
    .default('SA')
    .describe("7143: EN is a GTIN, SA the supplier's number, IN the buyer's"),
  ordered: quantity,
  confirmed: quantity.describe('What will be delivered; zero refuses the line'),
});
const input = z.object({
  responseNumber: z.string().min(1).max(35).describe('Our number of this response'),
  orderNumber: z.string().min(1).max(35).describe("The buyer's order"),
  buyer: z.string().max(17).optional().describe('GLN of the buyer'),
  supplier: z.string().max(17).optional().describe('GLN of the supplier'),
  lines: z.array(line).min(1).max(1000),
});
type Input = z.infer<typeof input>;
type Line = z.infer<typeof line>;

/** 1229: 5 accepted without amendment, 6 with amendment, 7 not accepted. */
function actionOf({ ordered, confirmed }: Line): '5' | '6' | '7' {
  if (sameDecimal(confirmed.value, '0')) return '7';
  return sameDecimal(ordered.value, confirmed.value) ? '5' : '6';
}

/** 1225: 29 accepted without amendment, 27 not accepted, 4 change. */
function responseOf(lines: readonly Line[]): '29' | '27' | '4' {
  const actions = new Set(lines.map(actionOf));
  if (actions.size > 1 || actions.has('6')) return '4';
  return actions.has('5') ? '29' : '27';
}

const party = (role: string, gln: string | undefined): Written[] =>
  gln === undefined ? [] : [['NAD', role, [gln, '', '9']]];
const amount = (qualifier: string, { value, uom }: { value: string; uom: string }): Written => [
  'QTY',
  [qualifier, value, uom === 'H87' ? 'PCE' : uom],
];

function segmentsOf(response: Input, now: number): Written[] {
  const { lines, responseNumber, orderNumber, buyer, supplier } = response;
  return [
    ['BGM', '231', responseNumber, responseOf(lines)],
    ['DTM', ['137', new Date(now).toISOString().slice(0, 10).replaceAll('-', ''), '102']],
    ['RFF', ['ON', orderNumber]],
    ...party('BY', buyer),
    ...party('SU', supplier),
    ...lines.flatMap((one): Written[] => [
      [
        'LIN',
        one.lineId,
        actionOf(one),
        one.itemType === 'EN' && one.item !== undefined ? [one.item, 'EN'] : '',
      ],
      ...(one.item === undefined || one.itemType === 'EN'
        ? []
        : [['PIA', '5', [one.item, one.itemType]] as Written]),
      amount('21', one.ordered),
      ...(actionOf(one) === '6' ? [amount('113', one.confirmed)] : []),
    ]),
    ['UNS', 'S'],
    ['CNT', ['2', String(lines.length)]],
  ];
}

async function send(response: Input, call: CallContext) {
  const {
    senderId,
    receiverId,
    senderQualifier = '14',
    receiverQualifier = '14',
    association,
    test,
  } = call.settings;
  if (typeof senderId !== 'string' || typeof receiverId !== 'string')
    return {
      outcome: 'fatal' as const,
      message: 'set our id and the id of the partner in the partner node: messages name both',
    };
  const control = controlReferenceOf(call.idempotencyKey);
  const content = buildInterchange({
    sender: [senderId, String(senderQualifier)],
    receiver: [receiverId, String(receiverQualifier)],
    control,
    now: call.now,
    test: test === true,
    message: ['ORDRSP', 'D', '96A', 'UN', typeof association === 'string' ? association : ''],
    body: segmentsOf(response, call.now),
  });
  const fileName = `ordrsp-${control}.edi`;
  return deliver(
    {
      content,
      controlNumber: control,
      fileName,
      mediaType: 'application/edifact',
      encoding: 'latin1',
      verdict: verdictIn,
    },
    call,
  );
}

/** ORDRSP D.96A as EANCOM 1997 has it: https://ref.gs1.org/standards/eancom/1997/ */
export const sendOrderResponse = operation<Input, Delivered>({
  id: 'sendOrderResponse',
  title: 'Answer an order (ORDRSP)',
  description: 'Tells the buyer which lines are accepted, changed or refused.',
  kind: 'edi',
  safety: 'keyed',
  idempotencyHeader: 'idempotency-key',
  input: input as z.ZodType<Input>,
  output: z.object({
    controlNumber: z.string(),
    delivered: z.enum(['HTTP', 'FILE']),
    fileName: z.string().optional(),
  }) as z.ZodType<Delivered>,
  target: ({ orderNumber, responseNumber }) => `ORDRSP/${orderNumber}/${responseNumber}`,
  send,
});
