/**
 * CONTRL, what the sender of an interchange is owed (ISO 9735-4 and its predecessors). An interchange of nothing but CONTRL is owed none. Messages that
 * are not named are accepted: action 7 says so. All of it follows from what was received, so a replay makes the same again.
 */
import type { Acknowledgement } from '../kit/connector';
import type { Answering, Fault } from '../kit/edi/normalizer';
import { SegmentFault } from '../kit/edi/segments';
import type { Group, Interchange, Message } from './envelope';
import { syntaxErrors } from './envelope-faults';
import { controlReferenceOf, escaped, serviceAdvice } from './write';

/** Data element 0083. */
const rejected = '4';
const acknowledged = '7';

export class ContrlBuilder implements Answering<Group, Message> {
  private readonly answers: string[] = [];
  private accepted = 0;
  private refused = 0;
  private owed = false;
  private current: Group | undefined;

  constructor(
    private readonly interchange: Interchange,
    /** Only where UNB 0031 asks for it. */
    private readonly onlyRequested: boolean,
  ) {}

  group(group: Group): void {
    this.current = group;
  }

  document(message: Message, refusal: Fault | SegmentFault | undefined): void {
    this.owed ||= message.type !== 'CONTRL';
    if (refusal === undefined) {
      this.accepted++;
      return;
    }
    this.refused++;
    this.answers.push(...this.messageAnswer(message, refusal));
  }

  /** UCF is only needed to refuse a group. */
  groupEnd(fault: Fault | undefined): void {
    const ung = this.current?.ung;
    if (fault === undefined || ung === undefined) return;
    this.refused++;
    this.answers.push(
      ['UCF', ung.element(5), ung.element(2), ung.element(3), rejected, fault.ack].join(this.plus),
    );
  }

  build(fault: Fault | undefined, receivedAt: number): Acknowledgement | undefined {
    const { unb, control } = this.interchange;
    if (
      (!this.owed && fault === undefined) ||
      (this.onlyRequested && !/^[12]$/.test(unb.component(9).trim()))
    )
      return undefined;
    const action = fault === undefined ? [acknowledged] : [rejected, fault.ack];
    const uci = `UCI${this.plus}${unb.element(5)}${this.plus}${unb.element(2)}${this.plus}${unb.element(3)}${this.plus}${action.join(this.plus)}`;
    const body = [uci, ...(fault === undefined ? this.answers : [])];
    const accepted =
      fault !== undefined || (this.accepted === 0 && this.refused > 0)
        ? 'none'
        : this.refused > 0
          ? 'some'
          : 'all';
    return {
      kind: 'CONTRL',
      controlNumber: control,
      accepted,
      mediaType: 'application/edifact',
      body: this.envelope(body, receivedAt),
    };
  }

  /** UCM refuses the message, UCS and UCD say where: segments are counted from UNH. */
  private messageAnswer({ unh, type }: Message, refusal: Fault | SegmentFault): string[] {
    const identifier = unh.element(2) || type;
    const head = (error: string[]) =>
      `UCM${this.plus}${unh.element(1)}${this.plus}${identifier}${this.plus}${[rejected, ...error].join(this.plus)}`;
    if (!(refusal instanceof SegmentFault)) return [head([refusal.ack])];
    if (refusal.code === 'VERSION_UNSUPPORTED') return [head(['14'])];
    const { position } = refusal.segment;
    const missing = refusal.code === 'SEGMENT_MISSING';
    if (missing || refusal.element === undefined)
      return [
        head([]),
        this.segment('UCS', String(position), missing ? syntaxErrors.missing : syntaxErrors.invalid),
      ];
    return [
      head([]),
      this.segment('UCS', String(position)),
      this.segment('UCD', syntaxErrors.invalid, String(refusal.element)),
    ];
  }

  private get plus(): string {
    return this.interchange.separators.element;
  }

  private segment(...elements: string[]): string {
    return elements.map((element) => escaped(element, this.interchange.separators)).join(this.plus);
  }

  /** Back to the sender in its own syntax; the elements of its UNB are copied as they stand. */
  private envelope(body: readonly string[], receivedAt: number): string {
    const { unb, separators } = this.interchange;
    const { component, terminator } = separators;
    const stamp = new Date(receivedAt).toISOString();
    const date = stamp.slice(2, 10).replaceAll('-', '');
    const time = stamp.slice(11, 16).replace(':', '');
    const control = controlReferenceOf(unb.raw);
    const four = unb.component(1, 2).trim() === '4';
    const type = four ? ['CONTRL', '4', '1', 'UN'] : ['CONTRL', 'D', '3', 'UN'];
    const test = unb.component(11).trim() === '1' ? `${this.plus.repeat(6)}1` : '';
    const segments = [
      `UNB${this.plus}${unb.element(1)}${this.plus}${unb.element(3)}${this.plus}${unb.element(2)}${this.plus}${date}${component}${time}${this.plus}${control}${test}`,
      `UNH${this.plus}1${this.plus}${type.join(component)}`,
      ...body,
      this.segment('UNT', String(body.length + 2), '1'),
      this.segment('UNZ', '1', control),
    ];
    return serviceAdvice(separators) + segments.map((segment) => segment + terminator).join('');
  }
}
