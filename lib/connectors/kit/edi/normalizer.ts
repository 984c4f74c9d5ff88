/** Reading an interchange from the outside in: facts of good documents, reports of bad ones, an acknowledgement for each interchange. */
import type { Acknowledgement, NormalizeResult } from '../connector';
import { reject } from '../json';
import { withinLimits } from '../line-limit';
import { EdiCollector } from './collector';
import type { Mapped } from './scope';
import { SegmentFault } from './segments';

/** What is wrong with an envelope or a document. */
export interface Fault {
  code: string;
  message: string;
  at: string;
  /** The standard's code for it in the acknowledgement. */
  ack: string;
}

/** Gathers the verdicts on one interchange. */
export interface Answering<Group, Document> {
  group(group: Group): void;
  document(document: Document, refusal: Fault | SegmentFault | undefined): void;
  groupEnd(fault: Fault | undefined): void;
  /** Undefined when the sender is owed nothing. */
  build(fault: Fault | undefined, receivedAt: number): Acknowledgement | undefined;
}

export interface Reading<Interchange, Group, Document> {
  receivedAt: number;
  map(document: Document): Mapped | SegmentFault;
  answering(interchange: Interchange): Answering<Group, Document> | undefined;
}

export class EdiNormalizer<Interchange, Group, Document extends { fault: Fault | undefined; at: string }> {
  private readonly collector = new EdiCollector();
  private interchangeMark = 0;
  private groupMark = 0;
  private answering: Answering<Group, Document> | undefined;

  constructor(private readonly reading: Reading<Interchange, Group, Document>) {}

  interchange(interchange: Interchange): void {
    this.interchangeMark = this.collector.mark();
    this.answering = this.reading.answering(interchange);
  }

  group(group: Group): void {
    this.groupMark = this.collector.mark();
    this.answering?.group(group);
  }

  document(document: Document): void {
    const outcome = document.fault ?? this.reading.map(document);
    if (outcome instanceof SegmentFault) {
      const { tag, position } = outcome.segment;
      this.collector.report(reject(outcome.code, outcome.message, `${document.at}/seg ${position} ${tag}`));
    } else if ('facts' in outcome) this.mapped(withinLimits(outcome, document.at));
    else this.collector.report(reject(outcome.code, outcome.message, outcome.at));
    this.answering?.document(document, 'facts' in outcome ? undefined : outcome);
  }

  groupEnd(fault: Fault | undefined): void {
    this.answering?.groupEnd(fault);
    this.bad(fault, this.groupMark);
  }

  interchangeEnd(fault: Fault | undefined): void {
    this.bad(fault, this.interchangeMark);
    this.collector.acknowledge(this.answering?.build(fault, this.reading.receivedAt));
    this.answering = undefined;
  }

  mapped({ facts, reports }: Mapped): void {
    this.collector.add(facts);
    for (const report of reports) this.collector.report(report);
  }

  stray(code: string, message: string, at: string): void {
    this.collector.report(reject(code, message, at));
  }

  result(): NormalizeResult {
    return this.collector.result();
  }

  /** A bad envelope is refused as a whole: nobody knows what of it is missing. */
  private bad(fault: Fault | undefined, mark: number): void {
    if (fault === undefined) return;
    this.collector.takeBack(mark);
    this.collector.report(reject(fault.code, fault.message, fault.at));
  }
}
