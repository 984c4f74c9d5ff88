/** What a case counts in, as its row keeps it: so that it can be taken back by what it was when it changes. */
import type { CaseState } from '../../model/case-types';
import { talliesOf } from '../../model/measures';

export function measuredText(state: CaseState): string {
  return JSON.stringify(talliesOf(state).map(({ name, slot, bucket }) => [name, slot, bucket]));
}
