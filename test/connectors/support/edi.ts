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

/** An IFTSTA a shipment: eight segments each. Values are written as they are, so release characters are the caller's. */
export function iftsta(shipments: readonly string[]): string {
  const messages = shipments.map((shipment, at) => {
    const number = at + 1;
    return [
      `UNH+${number}+IFTSTA:D:01B:UN`,
      `BGM+77+STAT-${number}+9`,
      `RFF+SRN:${shipment}`,
      'CNI+1+CONS',
      'STS+1+21',
      'DTM+334:202601130930:203',
      'LOC+7+DEHAM:139:6:Hamburg',
      `UNT+8+${number}`,
    ];
  });
  return [
    'UNB+UNOC:3+THEM:14+US:14+260114:0930+REF1',
    ...messages.flat(),
    `UNZ+${shipments.length}+REF1`,
    '',
  ].join("'");
}

/** Time, and how much the heap grew with the result still held. */
export function measured<T>(work: () => T): { seconds: number; megabytes: number; result: T } {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const start = performance.now();
  const result = work();
  const seconds = (performance.now() - start) / 1000;
  const { heapUsed, external } = process.memoryUsage();
  return { seconds, megabytes: (heapUsed + external - before.heapUsed - before.external) / 1e6, result };
}
