/** Interchanges made to measure. */

export interface Signs {
  element?: string;
  component?: string;
  terminator?: string;
  /** White space between segments. */
  between?: string;
}

/** One interchange with one group and the given sets, each a list of segments written with `*` between elements. */
export function interchangeOf(
  functionalId: string,
  sets: readonly { type: string; segments: readonly string[] }[],
  signs: Signs = {},
): string {
  const { element = '*', component = '>', terminator = '~', between = '\n' } = signs;
  const isa = [
    'ISA',
    '00',
    ' '.repeat(10),
    '00',
    ' '.repeat(10),
    'ZZ',
    'THEM'.padEnd(15),
    'ZZ',
    'US'.padEnd(15),
    '260114',
    '0930',
    'U',
    '00401',
    '000000001',
    '0',
    'T',
    component,
  ];
  const written = (segment: string) => segment.replaceAll('*', element) + terminator;
  const body = sets.flatMap(({ type, segments }, at) => {
    const control = String(at + 1).padStart(4, '0');
    return [`ST*${type}*${control}`, ...segments, `SE*${segments.length + 2}*${control}`];
  });
  return [
    isa.join(element) + terminator,
    ...[
      `GS*${functionalId}*THEM*US*20260114*0930*1*X*004010`,
      ...body,
      `GE*${sets.length}*1`,
      'IEA*1*000000001',
    ].map(written),
  ].join(between);
}

export const x12Of = (functionalId: string, type: string, segments: readonly string[]): string =>
  interchangeOf(functionalId, [{ type, segments }]);

/** A 214 a shipment: eight segments with its envelope. */
export function edi214(shipments: readonly string[], signs: Signs = {}): string {
  const sets = shipments.map((shipment) => ({
    type: '214',
    segments: [
      `B10*PRO-${shipment}*${shipment}*CRON`,
      `L11*BOL-${shipment}*BM`,
      'LX*1',
      'AT7*X4*NS***20260113*0900*ET',
      'MS1*NEWARK*NJ*US',
      'MS2*CRON*77',
    ],
  }));
  return interchangeOf('QM', sets, signs);
}
