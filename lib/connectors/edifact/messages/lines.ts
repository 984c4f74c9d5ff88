/** Lines of DESADV, RECADV and ORDRSP: LIN with its PIA, QTY and QVR. */
import type { Segment } from '../../kit/edi/segments';
import { idOf } from '../../kit/edi/text';
import { itemOf, type MessageScope, unitOf } from '../scope';

export interface EdifactLine {
  lineId: string;
  item: string | undefined;
  /** 1229: what is done to the line. */
  action: string;
  uom: string;
  /** By qualifier 6063. */
  quantities: Map<string, string>;
  variances: Variance[];
}

export interface Variance {
  /** Signed difference. */
  amount: string;
  qualifier: string;
  /** 4221 discrepancy. */
  discrepancy: string;
  /** 4295 change reason. */
  reason: string;
}

/** Takes a segment into the lines; true when it belonged there. */
export function addToLines(scope: MessageScope, lines: EdifactLine[], segment: Segment): boolean {
  if (segment.tag === 'LIN') {
    const lineId = segment.component(1).trim() || String(lines.length + 1);
    lines.push({
      lineId,
      item: itemOf(segment),
      action: segment.component(2).trim(),
      uom: 'EA',
      quantities: new Map(),
      variances: [],
    });
    return true;
  }
  const line = lines.at(-1);
  if (line === undefined) return false;
  if (segment.tag === 'PIA') line.item ??= idOf(segment.component(2, 1));
  else if (segment.tag === 'QTY') addQuantity(scope, line, segment);
  else if (segment.tag === 'QVR') addVariance(scope, line, segment);
  else return false;
  return true;
}

function addQuantity(scope: MessageScope, line: EdifactLine, qty: Segment): void {
  const amount = scope.amount(qty, 1, 2);
  if (amount === undefined) return;
  line.quantities.set(qty.component(1, 1).trim(), amount);
  if (qty.component(1, 3).trim() !== '') line.uom = unitOf(qty.component(1, 3));
}

function addVariance(scope: MessageScope, line: EdifactLine, qvr: Segment): void {
  line.variances.push({
    amount: scope.amount(qvr, 1, 1) ?? '0',
    qualifier: qvr.component(1, 2).trim(),
    discrepancy: qvr.component(2).trim(),
    reason: qvr.component(3, 1).trim(),
  });
}

/** The first quantity among qualifiers, in order of preference. */
export function quantityIn({ quantities }: EdifactLine, qualifiers: readonly string[]): string | undefined {
  for (const qualifier of qualifiers) {
    const found = quantities.get(qualifier);
    if (found !== undefined) return found;
  }
  return undefined;
}
