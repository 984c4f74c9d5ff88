/**
 * Crypto-shredding: everything that partners sent about one subject becomes unreadable, and so do the copies of it that runs kept. What
 * happened (facts by their codes, cases, audit) stays, without the payloads.
 */
import type { Ledger } from '../../ledger/port';
import { isOpen } from '../../model/case';
import { FatalError } from '../../model/errors';
import { normalizeIdentifier, partitionOf } from '../../model/keys';

export interface ShredRequest {
  /** Shipment key, or an identifier that exactly one shipment carries. */
  id: string;
  by: string;
  reason: string;
  now: number;
  newId(): string;
  /** Also payloads that speak of other subjects too. */
  includeShared?: boolean;
}

export interface ShredResult {
  subject: string;
  payloads: number;
  documents: number;
  /** Payloads that were left, because they speak of other subjects too. */
  shared: number;
}

const maxFacts = 10_000;

/** @throws FatalError NO_SUCH_SUBJECT, SUBJECT_AMBIGUOUS, SUBJECT_ACTIVE, SUBJECT_TOO_LARGE */
export async function shredSubject(ledger: Ledger, request: ShredRequest): Promise<ShredResult> {
  const subject = await subjectOf(ledger, request.id);
  const cases = await ledger.casesBySubjects([subject]);
  if (cases.some((state) => isOpen(state.state)))
    throw new FatalError(
      'SUBJECT_ACTIVE',
      `${subject} has open cases, whose flows still need what was sent`,
      {
        hint: 'Close or cancel them first.',
      },
    );
  const { own, shared } = await payloadsOf(ledger, subject);
  const rawIds = request.includeShared ? [...own, ...shared] : own;
  const runs = (await Promise.all(cases.map((state) => ledger.runsByCase(state.id)))).flat();
  const done = await ledger.shred({ rawIds, runIds: runs.map((run) => run.id) }, request.now);
  const left = request.includeShared ? 0 : shared.length;
  await ledger.appendAudit(partitionOf(subject, ledger.partitions), [
    {
      id: request.newId(),
      at: request.now,
      actor: request.by,
      action: 'subject.shred',
      subject: `subject:${subject}`,
      reason: request.reason,
      before: { payloads: own.length + shared.length },
      after: { ...done, shared: left },
      outcome: 'done',
    },
  ]);
  return { subject, ...done, shared: left };
}

async function subjectOf(ledger: Ledger, id: string): Promise<string> {
  if ((await ledger.factsBySubjects([id], 1)).length > 0) return id;
  const links = await ledger.subjectsOf([normalizeIdentifier(id)]);
  const [only, ...others] = [...new Set(links.map((link) => link.subject))];
  if (only === undefined) throw new FatalError('NO_SUCH_SUBJECT', `nothing in the ledger carries ${id}`);
  if (others.length === 0) return only;
  throw new FatalError('SUBJECT_AMBIGUOUS', `${id} belongs to ${[only, ...others].join(', ')}`, {
    hint: 'Name one of them.',
  });
}

/** Through the facts, and through the order key of what never became a fact. */
async function payloadsOf(ledger: Ledger, subject: string): Promise<{ own: string[]; shared: string[] }> {
  const facts = await ledger.factsBySubjects([subject], maxFacts);
  if (facts.length >= maxFacts)
    throw new FatalError('SUBJECT_TOO_LARGE', `${subject} has more than ${maxFacts - 1} facts`);
  const ordered = await ledger.rawsOfOrderKeys([subject]);
  const rawIds = [...new Set([...facts.flatMap(({ rawId }) => rawId ?? []), ...ordered])];
  const of = await ledger.subjectsOfRaws(rawIds);
  const isOwn = (subjects: string[]): boolean => subjects.every((one) => one === subject);
  return {
    own: of.filter(({ subjects }) => isOwn(subjects)).map(({ rawId }) => rawId),
    shared: of.filter(({ subjects }) => !isOwn(subjects)).map(({ rawId }) => rawId),
  };
}
