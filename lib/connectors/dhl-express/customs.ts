/** The export declaration of a shipment (MyDHL API, content.exportDeclaration): what the order declares, never a value of ours. */
import { add } from '../kit/decimal';
import { weightIn } from '../kit/measures';
import { majorUnits } from '../kit/money';
import type { Json } from '../kit/text';
import { instant } from '../kit/time';
import type { LabelInput, Shipper } from './shipment-request';

type CustomsLine = NonNullable<LabelInput['customs']>[number];

/** Undefined where nothing is declared; a sentence when the lines cannot be told to DHL. */
export function exportOf(
  { customs, reference }: LabelInput,
  { exportReason, now }: Shipper,
): Json | string | undefined {
  const [first, ...others] = customs ?? [];
  if (first === undefined) return undefined;
  const lines = [first, ...others];
  const { currency } = first.value;
  if (lines.some(({ value }) => value.currency !== currency)) return 'DHL declares one currency a shipment';
  const lineItems = lines.map((line, at) => lineOf(line, at + 1));
  const unfit = lineItems.find((item) => typeof item === 'string');
  if (unfit !== undefined) return unfit;
  const total = lines.reduce((sum, line) => add(sum, totalOf(line)) ?? sum, '0');
  return {
    declaredValue: Number(total),
    declaredValueCurrency: currency,
    exportDeclaration: {
      lineItems,
      invoice: { number: reference, date: instant(now).slice(0, 10) },
      exportReasonType: exportReason,
    },
  };
}

/** Value of a line as decimal text. */
function totalOf({ value, quantity }: CustomsLine): string {
  const amountMinor = (BigInt(value.amountMinor) * BigInt(quantity)).toString();
  return majorUnits({ ...value, amountMinor });
}

function lineOf(line: CustomsLine, number: number): Json | string {
  const { description, quantity, value, hsCode, originCountry } = line;
  if (!/^\d+$/.test(quantity)) return 'DHL declares whole pieces only';
  if (originCountry === undefined) return 'DHL needs the country of origin of every customs line';
  const piece = line.weight === undefined ? undefined : weightIn(line.weight, 'KGM', 3);
  if (piece === undefined) return 'DHL needs the weight of every customs line';
  const weight = Math.round(Number(piece) * Number(quantity) * 1000) / 1000;
  return {
    number,
    description,
    price: Number(majorUnits(value)),
    quantity: { value: Number(quantity), unitOfMeasurement: 'PCS' },
    manufacturerCountry: originCountry,
    weight: { netValue: weight, grossValue: weight },
    ...(hsCode === undefined ? {} : { commodityCodes: [{ typeCode: 'outbound', value: hsCode }] }),
  };
}
