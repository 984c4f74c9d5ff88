/** `customsClearanceDetail` of a shipment (Ship API v1): what the order declares, never a value of ours. */
import type { z } from 'zod';
import type { customsLine } from '../kit/contracts/carrier';
import { weightIn } from '../kit/measures';
import { majorUnits } from '../kit/money';
import type { Json } from '../kit/text';
import type { LabelInput, Shipper } from './shipment-request';

type CustomsLine = z.infer<typeof customsLine>;

/** Undefined where nothing is declared; a sentence when the lines cannot be told to FedEx. */
export function customsClearance(
  { customs, parcels }: LabelInput,
  { account, customsPurpose }: Shipper,
): Json | string | undefined {
  if (customs === undefined || customs.length === 0) return undefined;
  const commodities = customs.map((line) => commodityOf(line));
  const unfit = commodities.find((commodity) => typeof commodity === 'string');
  if (unfit !== undefined) return unfit;
  if (parcels.length > 1) return 'customs of several parcels are not told apart: make one shipment a parcel';
  return {
    dutiesPayment: {
      paymentType: 'SENDER',
      payor: { responsibleParty: { accountNumber: { value: account } } },
    },
    commercialInvoice: { shipmentPurpose: customsPurpose },
    commodities,
  };
}

function commodityOf(line: CustomsLine): Json | string {
  const { description, quantity, value, hsCode, originCountry } = line;
  if (!/^\d+$/.test(quantity)) return 'FedEx declares whole pieces only';
  if (originCountry === undefined) return 'FedEx needs the country of origin of every customs line';
  const kilograms = line.weight === undefined ? undefined : weightIn(line.weight, 'KGM', 2);
  const total = (BigInt(value.amountMinor) * BigInt(quantity)).toString();
  return {
    description,
    countryOfManufacture: originCountry,
    ...(hsCode === undefined ? {} : { harmonizedCode: hsCode }),
    quantity: Number(quantity),
    quantityUnits: 'EA',
    unitPrice: { amount: Number(majorUnits(value)), currency: value.currency },
    customsValue: {
      amount: Number(majorUnits({ ...value, amountMinor: total })),
      currency: value.currency,
    },
    ...(kilograms === undefined
      ? {}
      : { weight: { units: 'KG', value: Math.round(Number(kilograms) * Number(quantity) * 100) / 100 } }),
  };
}
