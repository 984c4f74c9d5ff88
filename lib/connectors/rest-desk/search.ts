import type { CallContext } from '../kit/connector';
import { type Answer, ask } from '../kit/partner-rest';
import { type Ticket, tickets } from './schema';

/** The key is compared again here: a desk that ignores the filter would hand us somebody else's ticket. */
export async function searchTicket(key: string, call: CallContext): Promise<Answer<Ticket | undefined>> {
  const answer = await ask(call, `/tickets?externalKey=${encodeURIComponent(key)}`, tickets);
  return answer.ok ? { ...answer, value: answer.value.items.find((one) => one.externalKey === key) } : answer;
}
