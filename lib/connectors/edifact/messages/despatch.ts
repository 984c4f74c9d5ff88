/** DESADV Despatch advice: one fact for the shipment, with its orders, containers and lines. */
import type { Discrepancy } from '../../../model/fact';
import { subtract } from '../../kit/decimal';
import { discrepancyOf, lineException, linesOf, type Mapped, quantityOf } from '../../kit/edi/scope';
import { addContainers, addReference, type MessageScope } from '../scope';
import { addToLines, type EdifactLine, quantityIn } from './lines';

const despatched = ['11', '137'];
const arrival = ['17', '132', '358'];

export function mapDespatchAdvice(scope: MessageScope): Mapped {
  const header = scope.require('BGM');
  const bag = scope.bag();
  bag.add('asnId', 'asn', header.component(2, 1));
  const lines: EdifactLine[] = [];
  for (const segment of scope.segments) {
    if (segment.tag === 'GIN') addContainers(bag, segment);
    else if (segment.tag === 'RFF') addReference(bag, segment);
    else addToLines(scope, lines, segment);
  }
  const when = scope.dated(scope.segments, despatched);
  const eta = scope.dated(scope.segments, arrival);
  const common = {
    time: when === undefined ? scope.received : scope.time(when),
    identifiers: bag.identifiers(),
    more: {
      ...(eta === undefined ? {} : { context: { etaAt: scope.time(eta).iso } }),
      ...(lines.length === 0 ? {} : { lines: linesOf(lines.map(lineOf)) }),
    },
  };
  const announced = scope.coded({
    ...common,
    code: { codeList: '1225-DESADV', status: header.component(3).trim() || '9' },
  });
  const partial = lines.flatMap(shortfall);
  if (partial.length === 0 || announced.data.milestone !== 'SHIPPED')
    return { facts: [announced], reports: [] };
  const fact = scope.counted({
    ...common,
    code: { codeList: 'QVR', status: 'partial' },
    milestone: 'SHIPPED',
    ...lineException('PARTIALLY_FULFILLED', partial),
  });
  return { facts: [fact], reports: [] };
}

function lineOf(line: EdifactLine) {
  const shipped = quantityIn(line, ['12', '1']);
  const ordered = quantityIn(line, ['21']);
  return {
    lineId: line.lineId,
    item: line.item,
    ordered: ordered === undefined ? undefined : quantityOf(ordered, line.uom),
    fulfilled: shipped === undefined ? undefined : quantityOf(shipped, line.uom),
  };
}

/**
 * QVR with qualifier 21 is what was despatched less what was ordered. QTY+21 alone decides nothing: an order may leave in several
 * despatches, each of which repeats it.
 */
function shortfall(line: EdifactLine): Discrepancy[] {
  const shipped = quantityIn(line, ['12', '1']);
  if (shipped === undefined) return [];
  return line.variances.flatMap(({ amount, qualifier, discrepancy }) => {
    const partial = discrepancy === 'BP' || discrepancy === 'CP';
    if (qualifier !== '21' || (!amount.startsWith('-') && !partial)) return [];
    const missing = amount.replace(/^-/, '');
    const ordered = subtract(shipped, `-${missing}`);
    if (ordered === undefined || missing === '0') return [];
    return [
      discrepancyOf(line.lineId, line.item, quantityOf(ordered, line.uom), quantityOf(shipped, line.uom)),
    ];
  });
}
