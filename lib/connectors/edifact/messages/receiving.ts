/** RECADV Receiving advice: what arrived of a despatch, and how it differs. */
import type { Discrepancy, FactDraft } from '../../../model/fact';
import { add, sameDecimal, subtract } from '../../kit/decimal';
import { discrepancyOf, lineException, linesOf, type Mapped, quantityOf } from '../../kit/edi/scope';
import { addContainers, addReference, codes, type MessageScope } from '../scope';
import { addToLines, type EdifactLine, quantityIn, type Variance } from './lines';

const received = ['50', '35', '137'];

export function mapReceivingAdvice(scope: MessageScope): Mapped {
  scope.require('BGM');
  const bag = scope.bag();
  const lines: EdifactLine[] = [];
  for (const segment of scope.segments) {
    if (segment.tag === 'GIN') addContainers(bag, segment);
    else if (segment.tag === 'RFF') addReference(bag, segment);
    else addToLines(scope, lines, segment);
  }
  const when = scope.dated(scope.segments, received);
  const common = {
    time: when === undefined ? scope.received : scope.time(when),
    identifiers: bag.identifiers(),
    ...(lines.length === 0 ? {} : { more: { lines: linesOf(lines.map(lineOf)) } }),
  };
  const differences = lines.flatMap(differenceOf);
  const receipt = scope.counted({
    ...common,
    code: { codeList: 'RECADV', status: differences.length === 0 ? 'received' : 'difference' },
    milestone: 'RECEIVED',
    ...lineException('ASN_MISMATCH', differences),
  });
  return { facts: [receipt, ...discrepancyFacts(scope, lines, common)], reports: [] };
}

/** 194 received and accepted, 48 received, 46 delivered. */
const acceptedOf = (line: EdifactLine) => quantityIn(line, ['194', '48', '46']);

function lineOf(line: EdifactLine) {
  const despatched = quantityIn(line, ['12', '21']);
  const accepted = acceptedOf(line);
  return {
    lineId: line.lineId,
    item: line.item,
    ordered: despatched === undefined ? undefined : quantityOf(despatched, line.uom),
    fulfilled: accepted === undefined ? undefined : quantityOf(accepted, line.uom),
  };
}

/** 4221: over-shipped and not advised are too many, BP and CP too few; damage is how the goods are, not how many. */
const over = new Set(['AC', 'AE']);
const under = new Set(['BP', 'CP']);

/** QTY+12 against what was received; where the despatched quantity is not told, the variances. */
function differenceOf(line: EdifactLine): Discrepancy[] {
  const accepted = acceptedOf(line);
  if (accepted === undefined) return [];
  const despatched = line.quantities.get('12') ?? expectedOf(line, accepted);
  if (sameDecimal(despatched, accepted)) return [];
  return [
    discrepancyOf(line.lineId, line.item, quantityOf(despatched, line.uom), quantityOf(accepted, line.uom)),
  ];
}

function expectedOf(line: EdifactLine, accepted: string): string {
  let expected = accepted;
  const alsoRefused = line.quantities.has('194');
  for (const variance of line.variances) {
    const amount = variance.amount.replace(/^-/, '');
    if (under.has(variance.discrepancy)) expected = add(expected, amount) ?? expected;
    // What was accepted leaves the surplus out already.
    else if (over.has(variance.discrepancy) && !alsoRefused)
      expected = subtract(expected, amount) ?? expected;
  }
  return expected.startsWith('-') ? '0' : expected;
}

type Common = Pick<Parameters<MessageScope['coded']>[0], 'time' | 'identifiers' | 'more'>;

/** One fact per discrepancy code that is an exception of its own: damage, or a code that nobody has mapped. */
function discrepancyFacts(scope: MessageScope, lines: readonly EdifactLine[], common: Common): FactDraft[] {
  const found = new Map<string, Discrepancy[]>();
  for (const line of lines)
    for (const variance of line.variances) {
      const code = codeOf(variance);
      if (code === undefined) continue;
      const all = found.get(code) ?? [];
      all.push(damageOf(line, variance));
      found.set(code, all);
    }
  return [...found].slice(0, 20).map(([status, discrepancies]) =>
    scope.coded({
      ...common,
      code: { codeList: '4221', status },
      details: { discrepancies },
    }),
  );
}

/** The code when it stands for an exception; a change reason DME (damaged) counts as the code AF. */
function codeOf({ discrepancy, reason, qualifier }: Variance): string | undefined {
  const code = reason === 'DME' || qualifier === '124' ? 'AF' : discrepancy;
  if (code === '' || over.has(code) || under.has(code)) return undefined;
  return codes.meaning('4221', code).exception === undefined ? undefined : code;
}

function damageOf(line: EdifactLine, { amount }: Variance): Discrepancy {
  const whole = quantityIn(line, ['48', '46', '12', '194']) ?? '0';
  const sound = subtract(whole, amount.replace(/^-/, '')) ?? '0';
  const actual = sound.startsWith('-') ? '0' : sound;
  return discrepancyOf(line.lineId, line.item, quantityOf(whole, line.uom), quantityOf(actual, line.uom));
}
