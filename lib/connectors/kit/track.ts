/** The `track` operation of the carriers: they differ in how they are asked and in where their answers keep the latest status. */
import type { z } from 'zod';
import { type Refusal, unreadable } from './answers';
import { type CallContext, type Operation, operation } from './connector';
import { track as contract } from './contracts/carrier';
import type { HttpResponse } from './http';
import { present } from './present';

type Output = z.infer<typeof contract.output>;

/** What an answer says of the number; `answer` where `normalize` needs more than what came. */
export interface Latest {
  found: boolean;
  status: string | undefined;
  description: string | undefined;
  answer?: unknown;
}

export interface Tracking extends Pick<Operation, 'title' | 'description' | 'rateLimitHeaders'> {
  /** What keeps the carrier from being asked at all. */
  hindrance?(call: CallContext): Refusal | undefined;
  read(trackingNumber: string, call: CallContext, carrier: string | undefined): Promise<HttpResponse>;
  /** True when the answer says that the carrier does not know the number; a 404 where it is left out. */
  isUnknown?(response: HttpResponse): boolean;
  refusal(response: HttpResponse, call: CallContext): Refusal | undefined;
  /** The answer as `normalize` takes it; JSON where it is left out. */
  answer?(response: HttpResponse): unknown;
  /** Undefined when the answer does not follow its documentation. */
  latest(answer: unknown, trackingNumber: string, response: HttpResponse): Latest | undefined;
}

export function trackOperation(tracking: Tracking) {
  const { title, description, rateLimitHeaders } = tracking;
  const { isUnknown = ({ status }) => status === 404, answer: answerOf = (response) => response.json() } =
    tracking;
  return operation<z.infer<typeof contract.input>, Output>({
    id: contract.id,
    title,
    description,
    kind: 'carrier',
    safety: 'read',
    ...(rateLimitHeaders === undefined ? {} : { rateLimitHeaders }),
    input: contract.input,
    output: contract.output,
    target: ({ trackingNumber }) => `track/${trackingNumber}`,
    async send({ trackingNumber, carrier }, call) {
      const hindrance = tracking.hindrance?.(call);
      if (hindrance !== undefined) return hindrance;
      const response = await tracking.read(trackingNumber, call, carrier);
      const answer = answerOf(response);
      if (isUnknown(response))
        return { outcome: 'ok', output: { trackingNumber, found: false, answer }, confirmed: true };
      const refusal = tracking.refusal(response, call);
      if (refusal !== undefined) return refusal;
      const latest = tracking.latest(answer, trackingNumber, response);
      if (latest === undefined) return unreadable(false);
      const output = present({ trackingNumber, answer, ...latest });
      return { outcome: 'ok', output, confirmed: true };
    },
  });
}
