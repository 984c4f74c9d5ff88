/** ORDRSP Purchase order response: what the seller makes of an order. */
import type { Discrepancy, FactType } from '../../../model/fact';
import { subtract } from '../../kit/decimal';
import { discrepancyOf, lineException, linesOf, type Mapped, quantityOf } from '../../kit/edi/scope';
import { addReference, codes, type MessageScope } from '../scope';
import { addToLines, type EdifactLine, quantityIn } from './lines';

/** 1229: deleted, not accepted. */
const refused = new Set(['2', '7']);
/** Added, changed, accepted with amendment, proposed amendment, accepted with amendment without confirmation. */
const changed = new Set(['1', '3', '6', '23', '24']);

export function mapOrderResponse(scope: MessageScope): Mapped {
  const header = scope.require('BGM');
  const bag = scope.bag();
  const lines: EdifactLine[] = [];
  for (const segment of scope.segments) {
    if (segment.tag === 'RFF' && lines.length === 0) addReference(bag, segment);
    else addToLines(scope, lines, segment);
  }
  const when = scope.dated(scope.segments, ['137']);
  const common = {
    time: when === undefined ? scope.received : scope.time(when),
    identifiers: bag.identifiers(),
    ...(lines.length === 0 ? {} : { more: { lines: linesOf(lines.map(lineOf)) } }),
  };
  const status = header.component(3).trim() || '-';
  const short = lines.flatMap(shortfall);
  const unclear = lines.some((line) => refused.has(line.action) && orderedOf(line) === undefined);
  const { exception } = codes.meaning('1225-ORDRSP', status);
  if (exception !== undefined && short.length === 0)
    return { facts: [scope.coded({ ...common, code: { codeList: '1225-ORDRSP', status } })], reports: [] };
  const isChange = short.length > 0 || lines.some(({ action }) => changed.has(action)) || amended.has(status);
  const type: FactType =
    short.length > 0 ? 'org.reroute.shipment.exception.v1' : 'org.reroute.order.changed.v1';
  const fact = scope.counted({
    ...common,
    ...(isChange ? { type } : {}),
    code: { codeList: 'ORDRSP', status },
    ...lineException('PARTIALLY_FULFILLED', short),
  });
  // Which quantity was refused nobody can say: a person looks at the line.
  const missing = unclear
    ? [scope.coded({ ...common, code: { codeList: '1229', status: 'refused without quantity' } })]
    : [];
  return { facts: [fact, ...missing], reports: [] };
}

/** 1225: change, accepted with amendment in heading or detail section, accepted with amendment. */
const amended = new Set(['4', '28', '30', '34', '36']);

const orderedOf = (line: EdifactLine) => quantityIn(line, ['21']);

/** 113 to be delivered, 12 despatch; 83 is what is still owed of the order; a refused line delivers nothing. */
function promisedOf(line: EdifactLine): string | undefined {
  if (refused.has(line.action)) return '0';
  const stated = quantityIn(line, ['113', '12']);
  const owed = quantityIn(line, ['83']);
  const ordered = orderedOf(line);
  return stated ?? (owed === undefined || ordered === undefined ? undefined : subtract(ordered, owed));
}

function shortfall(line: EdifactLine): Discrepancy[] {
  const ordered = orderedOf(line);
  const promised = promisedOf(line);
  if (
    ordered === undefined ||
    promised === undefined ||
    subtract(promised, ordered)?.startsWith('-') !== true
  )
    return [];
  return [
    discrepancyOf(line.lineId, line.item, quantityOf(ordered, line.uom), quantityOf(promised, line.uom)),
  ];
}

function lineOf(line: EdifactLine) {
  const ordered = orderedOf(line);
  const promised = promisedOf(line);
  return {
    lineId: line.lineId,
    item: line.item,
    ordered: ordered === undefined ? undefined : quantityOf(ordered, line.uom),
    fulfilled: promised === undefined ? undefined : quantityOf(promised, line.uom),
  };
}
