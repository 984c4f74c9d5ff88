/** On-call pickups as UPS lists them: GET /api/shipments/v2409/pickup/oncall (Pickup.yaml, Pickup Pending Status). */
import { lookUpUnanswered } from '../kit/answers';
import type { CallContext } from '../kit/connector';
import { reading } from '../kit/outbound';
import { list, object, text } from '../kit/text';
import { offsetMinutes, wallClock } from '../kit/time';
import { sendUps } from './client';

export interface PendingPickup {
  prn: string;
  reference: string | undefined;
  /** `YYYYMMDD` */
  day: string | undefined;
  /** 001 received, 002 dispatched, 003 completed, 004 not completed, 005 late, 007 cancelled, 008 invalid, 012 in progress. */
  status: string | undefined;
}

/** All on-call pickups of the account that are pending today or tomorrow: UPS lists no others. */
export async function pendingPickups(call: CallContext, account: string): Promise<PendingPickup[]> {
  const response = await reading(() =>
    sendUps(call, {
      method: 'GET',
      path: '/api/shipments/v2409/pickup/oncall',
      headers: { AccountNumber: account },
    }),
  );
  if (response.status === 404) return [];
  const answer = object(object(response.json())?.PickupPendingStatusResponse);
  if (response.status !== 200 || answer === undefined) throw lookUpUnanswered('UPS', response);
  return list(answer.PendingStatus).flatMap((item) => {
    const pickup = object(item);
    const prn = text(pickup?.PRN, 26);
    if (prn === undefined) return [];
    return [
      {
        prn,
        reference: text(pickup?.ReferenceNumber, 35),
        day: text(pickup?.ServiceDate, 8),
        status: /\b\d{3}\b/.exec(text(pickup?.PickupStatusMessage, 500) ?? '')?.[0],
      },
    ];
  });
}

const dayMs = 86_400_000;

/** True when a pickup of that day would be in the list: today or tomorrow by the clock where it is collected. */
export function isListed(readyAt: string, now: number): boolean {
  const offset = offsetMinutes(/(?:Z|[+-]\d{2}:\d{2})$/i.exec(readyAt)?.[0]) ?? 0;
  const local = (ms: number) => new Date(ms + offset * 60_000).toISOString().slice(0, 10);
  const { day } = wallClock(readyAt);
  return day === local(now) || day === local(now + dayMs);
}
