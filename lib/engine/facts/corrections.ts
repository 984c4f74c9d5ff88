/**
 * A delivery that is replayed once its status is mapped: its facts have the keys of those that it gave before, and what is
 * appended is never changed. So what was UNMAPPED_STATUS is retracted, and what it is known to mean now is a fact beside it.
 */
import type { FactDraft } from '../../model/fact';

/** Of the same fact, the same: a second replay changes nothing. */
const mappedKey = (dedupKey: string): string => `${dedupKey.slice(0, 280)}#mapped`;
const retractedKey = (dedupKey: string): string => `${dedupKey.slice(0, 280)}#retracted`;

/** Whether `now` says what `before` could not. */
export function isMappedSince(
  before: { exception?: { code: string } | undefined },
  now: { exception?: { code: string } | undefined },
): boolean {
  return before.exception?.code === 'UNMAPPED_STATUS' && now.exception?.code !== 'UNMAPPED_STATUS';
}

/** The fact under a key of its own. */
export function mappedSince(draft: FactDraft): FactDraft {
  return { ...draft, dedupKey: mappedKey(draft.dedupKey) };
}

/** Takes the unmapped fact back; `correctiveId` is the id of what stands in its place. */
export function retractionOf(draft: FactDraft, unmappedId: string, correctiveId: string): FactDraft {
  const { time, identifiers, sourceCode } = draft.data;
  return {
    type: 'org.reroute.shipment.retracted.v1',
    dedupKey: retractedKey(draft.dedupKey),
    data: {
      time,
      identifiers,
      ...(sourceCode === undefined ? {} : { sourceCode }),
      retracts: {
        eventId: unmappedId,
        reason: 'its status has been mapped since',
        correctiveEventIds: [correctiveId],
      },
    },
  };
}
