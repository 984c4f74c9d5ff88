import { z } from 'zod';
import type { ExceptionCode } from '../../../model/taxonomy';
import { type PostalAddress, postalAddress } from '../../kit/address';
import { lookUpUnanswered, refusalOf, unreadable } from '../../kit/answers';
import { type CallContext, type LookUpResult, operation } from '../../kit/connector';
import { reading } from '../../kit/outbound';
import { type Json, list, object, text } from '../../kit/text';
import { sendUps, upsError } from '../client';
import { codes } from '../events';

const input = z.object({
  reference: z.string().min(1).max(35).optional().describe("The order's number, printed on the label"),
  shipper: postalAddress,
  shipTo: postalAddress,
  service: z.string().length(2).describe('UPS service code, e.g. 03 for Ground'),
  weight: z.object({ value: z.string().regex(/^\d+(\.\d+)?$/), unit: z.enum(['LBS', 'KGS']) }),
  packaging: z.string().length(2).default('02').describe('UPS packaging code; 02 is your own package'),
});
type Input = z.infer<typeof input>;
const output = z.object({
  shipmentId: z.string(),
  trackingNumber: z.string(),
  label: z.object({ format: z.string(), data: z.string().describe('Base64') }).optional(),
});
type Output = z.infer<typeof output>;

/** Our own reference on the package: 35 of the key's 64 hex digits, as many as UPS takes. */
const referenceOf = (call: CallContext) => call.idempotencyKey.slice(0, 35);

function party(address: PostalAddress): Json {
  const { name, company, lines, city, region, postalCode, country, phone } = address;
  return {
    Name: (company ?? name ?? '').slice(0, 35),
    ...(name === undefined ? {} : { AttentionName: name.slice(0, 35) }),
    ...(phone === undefined ? {} : { Phone: { Number: phone } }),
    Address: {
      AddressLine: lines,
      City: city,
      ...(region === undefined ? {} : { StateProvinceCode: region }),
      ...(postalCode === undefined ? {} : { PostalCode: postalCode }),
      CountryCode: country,
    },
  };
}

function requestOf(wanted: Input, shipperNumber: string, reference: string): Json {
  const own = wanted.reference === undefined ? [] : [{ Value: wanted.reference }];
  return {
    ShipmentRequest: {
      Request: { RequestOption: 'validate', SubVersion: '1801' },
      Shipment: {
        Shipper: { ...party(wanted.shipper), ShipperNumber: shipperNumber },
        ShipTo: party(wanted.shipTo),
        PaymentInformation: { ShipmentCharge: { Type: '01', BillShipper: { AccountNumber: shipperNumber } } },
        Service: { Code: wanted.service },
        Package: {
          Packaging: { Code: wanted.packaging },
          PackageWeight: { UnitOfMeasurement: { Code: wanted.weight.unit }, Weight: wanted.weight.value },
          ReferenceNumber: [{ Value: reference }, ...own],
        },
      },
      LabelSpecification: { LabelImageFormat: { Code: 'GIF' }, HTTPUserAgent: 'Mozilla/4.5' },
    },
  };
}

/** The same parts stand in the label answer and in the recovered label. */
function shipmentOf(results: Json | undefined, packages: unknown): Output | undefined {
  const parcel = object(list(packages)[0]);
  const trackingNumber = text(parcel?.TrackingNumber, 100);
  const shipmentId = text(results?.ShipmentIdentificationNumber, 100) ?? trackingNumber;
  if (trackingNumber === undefined || shipmentId === undefined) return undefined;
  const label = object(parcel?.ShippingLabel) ?? object(parcel?.LabelImage);
  const data = typeof label?.GraphicImage === 'string' ? label.GraphicImage : undefined;
  const format = text(object(label?.ImageFormat ?? label?.LabelImageFormat)?.Code, 10) ?? 'GIF';
  return { shipmentId, trackingNumber, ...(data === undefined ? {} : { label: { format, data } }) };
}

function exceptionOf(code: string | undefined): ExceptionCode {
  return (
    (code === undefined
      ? undefined
      : codes.meaning('error', code).mapped && codes.meaning('error', code).exception) ||
    'LABEL_GENERATION_FAILED'
  );
}

/**
 * Label recovery by our reference (Shipping.yaml, LabelRecoveryRequest.ReferenceValues). UPS documents no code for an unknown
 * reference, so a refusal is no proof that there is no label: only 404 is, and everything else asks again rather than buy twice.
 */
async function recover(call: CallContext, shipperNumber: string): Promise<LookUpResult<Output>> {
  const json = {
    LabelRecoveryRequest: {
      Request: { RequestOption: 'Non_Validate', SubVersion: '1903' },
      LabelSpecification: { LabelImageFormat: { Code: 'GIF' }, HTTPUserAgent: 'Mozilla/4.5' },
      ReferenceValues: { ReferenceNumber: { Value: referenceOf(call) }, ShipperNumber: shipperNumber },
    },
  };
  const response = await reading(() =>
    sendUps(call, { method: 'POST', path: '/api/labels/v1/recovery', json }),
  );
  if (response.status === 404) return { found: false };
  const answer = object(object(response.json())?.LabelRecoveryResponse);
  const found = shipmentOf(answer, answer?.LabelResults);
  if (response.status === 200 && found !== undefined)
    return { found: true, output: found, confirmed: true, reference: found.trackingNumber };
  throw lookUpUnanswered('UPS', response);
}

/** Shipping.yaml: POST /api/shipments/v2409/ship. UPS takes no idempotency key; our reference finds the label again. */
export const createLabel = operation<Input, Output>({
  id: 'create-label',
  title: 'Create a label',
  description: 'Buys a label; an unanswered call is looked up by our reference before another one is bought.',
  kind: 'carrier',
  safety: 'reconcilable',
  costs: true,
  input,
  output,
  target: ({ reference, shipTo }) =>
    `label/${reference ?? `${shipTo.country}/${shipTo.postalCode ?? shipTo.city}`}`,
  undo: { operation: 'void-shipment', input: (_wanted, { shipmentId }) => ({ shipmentId }) },
  async send(wanted, call) {
    const account = text(call.settings.shipperNumber, 6);
    if (account === undefined)
      return { outcome: 'fatal', message: 'set the shipper number in the partner: labels need it' };
    const json = requestOf(wanted, account, referenceOf(call));
    const response = await sendUps(call, { method: 'POST', path: '/api/shipments/v2409/ship', json });
    const refusal = refusalOf(response, call, {
      write: true,
      error: upsError(response),
      exception: (error) => exceptionOf(error?.code),
    });
    if (refusal !== undefined) return refusal;
    const results = object(object(object(response.json())?.ShipmentResponse)?.ShipmentResults);
    const made = shipmentOf(results, results?.PackageResults);
    return made === undefined
      ? unreadable(true)
      : { outcome: 'ok', output: made, confirmed: true, reference: made.trackingNumber };
  },
  async lookUp(_wanted, call) {
    const account = text(call.settings.shipperNumber, 6);
    return account === undefined ? { found: false } : recover(call, account);
  },
});
