/** What comes out of an interchange while it is read: facts that a bad envelope takes back, and reports that an attack cannot flood. */
import type { FactDraft } from '../../../model/fact';
import type { Acknowledgement, NormalizeReport, NormalizeResult } from '../connector';
import { reject } from '../json';

/** More faults than a person reads; the last report says how many were left out. */
const maxReports = 1000;

export class EdiCollector {
  private readonly facts: FactDraft[] = [];
  private readonly reports: NormalizeReport[] = [];
  private readonly acknowledgements: Acknowledgement[] = [];
  private readonly closing: NormalizeReport[] = [];
  private leftOut = 0;

  /** A place to come back to with `takeBack`. */
  mark(): number {
    return this.facts.length;
  }

  /** Drops the facts since the mark: their envelope is bad. Returns how many. */
  takeBack(mark: number): number {
    const dropped = this.facts.length - mark;
    this.facts.length = mark;
    return dropped;
  }

  add(facts: readonly FactDraft[]): void {
    for (const fact of facts) this.facts.push(fact);
  }

  report(report: NormalizeReport): void {
    if (this.reports.length < maxReports) this.reports.push(report);
    else this.leftOut++;
  }

  /** For a report that must be seen, however many there are; it comes last. */
  conclude(report: NormalizeReport): void {
    this.closing.push(report);
  }

  acknowledge(acknowledgement: Acknowledgement | undefined): void {
    if (acknowledgement !== undefined) this.acknowledgements.push(acknowledgement);
  }

  result(): NormalizeResult {
    const { facts, acknowledgements, leftOut, closing } = this;
    const flood = leftOut === 0 ? [] : [reject('TOO_MANY_FAULTS', `${leftOut} more reports were left out`)];
    const reports = [...this.reports, ...flood, ...closing];
    return acknowledgements.length === 0 ? { facts, reports } : { facts, reports, acknowledgements };
  }
}
