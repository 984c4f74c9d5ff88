/**
 * Label recovery by our reference (Shipping.yaml, POST /labels/v1/recovery, LabelRecoveryRequest.ReferenceValues). UPS documents no code
 * for an unknown reference, so a refusal is no proof that there is no label: only 404 is, and everything else asks again rather than buy twice.
 */
import { lookUpUnanswered } from '../kit/answers';
import type { CallContext, LookUpResult } from '../kit/connector';
import { reading } from '../kit/outbound';
import { type Json, list, object, text } from '../kit/text';
import { sendUps } from './client';
import { type LabelOutput, shipmentOf } from './shipment-answer';
import { labelSpecification } from './shipment-request';

/** What a label is asked for by. */
type Key = { TrackingNumber: string } | { ReferenceValues: Json };

async function ask(call: CallContext, format: string, key: Key): Promise<Json | undefined> {
  const { LabelImageFormat, HTTPUserAgent } = labelSpecification(format);
  const json = {
    LabelRecoveryRequest: {
      Request: { RequestOption: 'Non_Validate', SubVersion: '1903' },
      LabelSpecification: { LabelImageFormat, HTTPUserAgent },
      ...key,
    },
  };
  const response = await reading(() =>
    sendUps(call, { method: 'POST', path: '/api/labels/v1/recovery', json }),
  );
  if (response.status === 404) return undefined;
  const answer = object(object(response.json())?.LabelRecoveryResponse);
  if (response.status !== 200 || answer === undefined) throw lookUpUnanswered('UPS', response);
  return answer;
}

export async function recoverLabels(
  call: CallContext,
  shipperNumber: string,
  reference: string,
  format: string,
): Promise<LookUpResult<LabelOutput>> {
  const byReference = {
    ReferenceValues: { ReferenceNumber: { Value: reference }, ShipperNumber: shipperNumber },
  };
  const answer = await ask(call, format, byReference);
  if (answer === undefined) return { found: false };
  // The reference stands on every parcel: UPS then answers with candidates, each of which is asked for by its number.
  const candidates = list(answer.TrackingCandidate, 200).flatMap(
    (candidate) => text(object(candidate)?.TrackingNumber, 100) ?? [],
  );
  const answers = candidates.length === 0 ? [answer] : await askEach(call, format, candidates);
  const found = shipmentOf(
    answers.find(({ ShipmentIdentificationNumber }) => ShipmentIdentificationNumber !== undefined),
    answers.flatMap(({ LabelResults }) => list(LabelResults)),
  );
  if (found === undefined) throw lookUpUnanswered('UPS', { status: 200 });
  return { found: true, output: found, confirmed: true, reference: found.trackingNumber };
}

async function askEach(call: CallContext, format: string, numbers: readonly string[]): Promise<Json[]> {
  const answers: Json[] = [];
  for (const TrackingNumber of numbers) {
    const answer = await ask(call, format, { TrackingNumber });
    answers.push(answer ?? { LabelResults: [{ TrackingNumber }] });
  }
  return answers;
}
