/**
 * What the sender of an interchange is owed: a 997 with one transaction set per functional group (X12 997), or, where the envelope itself is
 * bad, a TA1 that refuses it. Group FA is never acknowledged. All of it follows from what was received, so a replay makes the same again.
 */
import type { Acknowledgement } from '../kit/connector';
import type { Answering, Fault } from '../kit/edi/normalizer';
import { SegmentFault } from '../kit/edi/segments';
import type { X12Group, X12Interchange, X12Set } from './envelope';
import { acknowledgementNumberOf, buildInterchange, type Envelope } from './write';

interface SetVerdict {
  type: string;
  control: string;
  /** AK3 and AK4 segments and the AK502 code of a refused set; absent when accepted. */
  refusal?: { notes: (readonly string[])[]; code: string };
}

interface GroupVerdict {
  group: X12Group;
  sets: SetVerdict[];
  fault: Fault | undefined;
}

export class AcknowledgementBuilder implements Answering<X12Group, X12Set> {
  private readonly groups: GroupVerdict[] = [];

  constructor(private readonly interchange: X12Interchange) {}

  group(group: X12Group): void {
    this.groups.push({ group, sets: [], fault: undefined });
  }

  document(set: X12Set, refusal: Fault | SegmentFault | undefined): void {
    const { type, control } = set;
    this.groups
      .at(-1)
      ?.sets.push(refusal === undefined ? { type, control } : { type, control, refusal: refusalOf(refusal) });
  }

  groupEnd(fault: Fault | undefined): void {
    const last = this.groups.at(-1);
    if (last !== undefined) last.fault = fault;
  }

  /** The acknowledgement of the whole interchange; undefined when it held nothing but acknowledgements. */
  build(fault: Fault | undefined, receivedAt: number): Acknowledgement | undefined {
    const owed = this.groups.filter(({ group }) => group.functionalId !== 'FA');
    const { control } = this.interchange;
    const envelope = answerEnvelope(this.interchange, receivedAt, fault === undefined ? owed : []);
    if (fault !== undefined)
      return acknowledgement(
        'TA1',
        control,
        'none',
        buildInterchange({ ...envelope, ta1: this.ta1('R', fault.ack) }),
      );
    const wanted = this.interchange.isa[14] === '1';
    if (owed.length === 0)
      return wanted
        ? acknowledgement('TA1', control, 'all', buildInterchange({ ...envelope, ta1: this.ta1('A', '000') }))
        : undefined;
    const body = buildInterchange(wanted ? { ...envelope, ta1: this.ta1('A', '000') } : envelope);
    return acknowledgement('997', control, acceptedOf(owed), body);
  }

  /** TA1: the control number, date and time of the interchange that is answered, the verdict, and the note code. */
  private ta1(verdict: 'A' | 'R', note: string): readonly string[] {
    const { isa, control } = this.interchange;
    return ['TA1', control, isa[9] ?? '', isa[10] ?? '', verdict, note];
  }
}

function acknowledgement(
  kind: string,
  controlNumber: string,
  accepted: Acknowledgement['accepted'],
  body: string,
): Acknowledgement {
  return { kind, controlNumber, accepted, mediaType: 'application/edi-x12', body };
}

function acceptedOf(groups: readonly GroupVerdict[]): Acknowledgement['accepted'] {
  const verdicts = groups.flatMap(({ sets, fault }) =>
    sets.map(({ refusal }) => fault === undefined && refusal === undefined),
  );
  if (verdicts.every((accepted) => accepted) && groups.every(({ fault }) => fault === undefined))
    return 'all';
  return verdicts.some((accepted) => accepted) ? 'some' : 'none';
}

/** Back to the sender, with the sender's separators and its version. */
function answerEnvelope(
  { isa, separators }: X12Interchange,
  receivedAt: number,
  groups: readonly GroupVerdict[],
): Envelope {
  const first = groups[0]?.group;
  return {
    separators,
    sender: { qualifier: isa[7] ?? 'ZZ', id: isa[8] ?? '' },
    receiver: { qualifier: isa[5] ?? 'ZZ', id: isa[6] ?? '' },
    groupSender: first?.gs[3] ?? isa[8] ?? '',
    groupReceiver: first?.gs[2] ?? isa[6] ?? '',
    interchangeVersion: isa[12] ?? '00401',
    version: first?.version || '004010',
    control: acknowledgementNumberOf(isa[13] ?? ''),
    usage: isa[15] === 'T' ? 'T' : 'P',
    now: receivedAt,
    functionalId: 'FA',
    sets: groups.map((verdict) => ({ type: '997', body: groupAnswer(verdict) })),
  };
}

function groupAnswer({ group, sets, fault }: GroupVerdict): (readonly string[])[] {
  const refused = sets.filter(({ refusal }) => refusal !== undefined).length;
  const accepted = fault === undefined ? sets.length - refused : 0;
  const verdict = fault !== undefined || (accepted === 0 && sets.length > 0) ? 'R' : refused > 0 ? 'P' : 'A';
  const answers = fault === undefined ? sets.flatMap(setAnswer) : [];
  const counts = [String(group.count), String(sets.length), String(accepted)];
  return [
    ['AK1', group.functionalId, group.control],
    ...answers,
    ['AK9', verdict, ...counts, ...(fault === undefined ? [] : [fault.ack])],
  ];
}

function setAnswer({ type, control, refusal }: SetVerdict): (readonly string[])[] {
  const header = ['AK2', type, control];
  return refusal === undefined
    ? [header, ['AK5', 'A']]
    : [header, ...refusal.notes, ['AK5', 'R', refusal.code]];
}

/** AK304: 3 a mandatory segment is missing, 8 a segment has element errors. AK403: 1 mandatory element missing, 6 invalid character, 8 invalid date. */
function refusalOf(refusal: Fault | SegmentFault): NonNullable<SetVerdict['refusal']> {
  if (!(refusal instanceof SegmentFault)) return { notes: [], code: refusal.ack };
  if (refusal.code === 'VERSION_UNSUPPORTED') return { notes: [], code: '1' };
  const { tag, position } = refusal.segment;
  const where = ['AK3', tag, String(position), ''];
  if (refusal.code === 'SEGMENT_MISSING') return { notes: [[...where, '3']], code: '5' };
  if (refusal.element === undefined) return { notes: [[...where, '8']], code: '5' };
  const fault = refusal.code === 'DATE_INVALID' ? '8' : refusal.code === 'QUANTITY_MISSING' ? '1' : '6';
  return {
    notes: [
      [...where, '8'],
      ['AK4', String(refusal.element), '', fault],
    ],
    code: '5',
  };
}
