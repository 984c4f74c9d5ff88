/** 861 Receiving Advice: what arrived, what is in question and why. */
import type { Discrepancy, FactDraft } from '../../../model/fact';
import { add, sameDecimal, subtract } from '../../kit/decimal';
import { discrepancyOf, linesOf, type Mapped, quantityOf } from '../../kit/edi/scope';
import type { Segment } from '../../kit/edi/segments';
import type { IdentifierBag } from '../../kit/edi/settings';
import { addMark, addReference } from '../references';
import { codes, type SetScope, unitOf } from '../scope';
import { itemOf } from './ship-notice';

interface Received {
  lineId: string;
  item: string | undefined;
  received: string;
  shipped: string | undefined;
  uom: string;
  /** Quantities in question with their condition (element 412). */
  questions: { condition: string; amount: string }[];
}

export function mapReceivingAdvice(scope: SetScope): Mapped {
  const header = scope.require('BRA');
  const bag = scope.bag();
  const lines: Received[] = [];
  for (const segment of scope.segments) {
    if (segment.tag === 'RCD') lines.push(receivedLine(scope, segment, lines.length + 1));
    else if (segment.tag === 'SN1') countShipped(scope, lines.at(-1), segment);
    else if (segment.tag === 'LIN') nameItem(lines.at(-1), segment);
    else if (segment.tag === 'MAN') addMark(bag, segment.element(1), segment.element(2), undefined);
    else if (segment.tag === 'PRF') bag.add('orderNumber', bag.namespaces.order, segment.element(1));
    else if (segment.tag === 'REF') addReceipt(bag, segment);
  }
  if (lines.length === 0) throw scope.missing('RCD');
  const common = {
    time: scope.time(header, 2, 5),
    identifiers: bag.identifiers(),
    more: {
      lines: linesOf(
        lines.map(({ lineId, item, received, shipped, uom }) => ({
          lineId,
          item,
          ordered: shipped === undefined ? undefined : quantityOf(shipped, uom),
          fulfilled: quantityOf(received, uom),
        })),
      ),
    },
  };
  return { facts: receiptFacts(scope, lines, common), reports: [] };
}

/** REF*SI is the number of the ship notice by which it was announced. */
function addReceipt(bag: IdentifierBag, ref: Segment): void {
  if (ref.element(1).trim() === 'SI') bag.add('asnId', 'asn', ref.element(2));
  else addReference(bag, ref.element(1), ref.element(2), undefined);
}

/** RCD: 02 received, 03 its unit, then five times quantity in question, unit and condition from 06 on. */
function receivedLine(scope: SetScope, rcd: Segment, number: number): Received {
  const questions = [6, 9, 12, 15, 18].flatMap((at) => {
    const amount = scope.amount(rcd, at);
    const condition = rcd.element(at + 2).trim();
    return amount === undefined || condition === '' ? [] : [{ condition, amount }];
  });
  return {
    lineId: rcd.element(1).trim() || String(number),
    item: undefined,
    received: scope.amount(rcd, 2) ?? '0',
    shipped: undefined,
    uom: unitOf(rcd.component(3) || rcd.component(7)),
    questions,
  };
}

function countShipped(scope: SetScope, line: Received | undefined, sn1: Segment): void {
  if (line !== undefined) line.shipped = scope.amount(sn1, 2) ?? line.shipped;
}

function nameItem(line: Received | undefined, lin: Segment): void {
  if (line === undefined) return;
  line.item ??= itemOf(lin);
  if (lin.element(1).trim() !== '') line.lineId = lin.element(1).trim();
}

type Common = Pick<Parameters<SetScope['coded']>[0], 'time' | 'identifiers' | 'more'>;

/** Differences of all lines are one fact; every condition that is an exception of its own (damage, an unknown code) is one more. */
function receiptFacts(scope: SetScope, lines: readonly Received[], common: Common): FactDraft[] {
  const differences = lines.flatMap(differenceOf);
  const receipt = scope.counted({
    ...common,
    code: { codeList: 'RCD', status: differences.length === 0 ? 'received' : 'difference' },
    milestone: 'RECEIVED',
    ...(differences.length === 0 ? {} : { exception: { code: 'ASN_MISMATCH', discrepancies: differences } }),
  });
  return [receipt, ...conditionFacts(scope, lines, common)];
}

function conditionFacts(scope: SetScope, lines: readonly Received[], common: Common): FactDraft[] {
  const found = new Map<string, Discrepancy[]>();
  for (const line of lines)
    for (const { condition, amount } of line.questions) {
      const { exception } = codes.meaning('412', condition);
      if (exception === undefined || countedConditions.has(condition)) continue;
      const whole = line.shipped ?? line.received;
      const sound = subtract(whole, amount) ?? '0';
      const actual = sound.startsWith('-') ? '0' : sound;
      const all = found.get(condition) ?? [];
      all.push(
        discrepancyOf(line.lineId, line.item, quantityOf(whole, line.uom), quantityOf(actual, line.uom)),
      );
      found.set(condition, all);
    }
  return [...found].slice(0, 20).map(([condition, discrepancies]) =>
    scope.coded({
      ...common,
      code: { codeList: '412', status: condition.slice(0, 500) },
      details: { discrepancies },
    }),
  );
}

/** Conditions that say how the quantities differ; the rest says how the goods are. */
const countedConditions = new Set(['02', '03', '05', '12', '13', '16']);

/** What should have arrived: SN102 where it stands there, else what arrived with what is short or over undone. */
function differenceOf(line: Received): Discrepancy[] {
  const expected = expectedOf(line);
  if (sameDecimal(expected, line.received)) return [];
  return [
    discrepancyOf(
      line.lineId,
      line.item,
      quantityOf(expected, line.uom),
      quantityOf(line.received, line.uom),
    ),
  ];
}

function expectedOf({ received, shipped, questions }: Received): string {
  if (shipped !== undefined) return shipped;
  let expected = received;
  for (const { condition, amount } of questions) {
    if (condition === '02') expected = add(expected, amount) ?? expected;
    // 03 and 12 are too many, 05 is another product, 13 came without an ASN: nobody expected them.
    else if (countedConditions.has(condition) && condition !== '16')
      expected = subtract(expected, amount) ?? expected;
  }
  return expected.startsWith('-') ? '0' : expected;
}
