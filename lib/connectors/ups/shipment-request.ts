/** What goes into POST /shipments/{version}/ship (Shipping.yaml, ShipmentRequest). */
import { z } from 'zod';
import type { PostalAddress } from '../kit/address';
import { tooLong } from '../kit/address-room';
import { createLabel } from '../kit/contracts/carrier';
import type { Json } from '../kit/text';
import { dimensionsOf, packageWeight } from './units';

export const labelInput = createLabel.input.extend({
  service: z.string().length(2).describe('UPS service code, e.g. 03 for Ground'),
  packaging: z.string().length(2).default('02').describe('UPS packaging code; 02 is your own package'),
});
export type LabelInput = z.infer<typeof labelInput>;

/** `GIF`, `ZPL`, `EPL` and `SPL` are what UPS prints on labels of forward shipments: PDF and PNG come as GIF. */
export const labelFormat = (wanted: LabelInput['labelFormat']) => (wanted === 'ZPL' ? 'ZPL' : 'GIF');

export const labelSpecification = (format: string): Json => ({
  LabelImageFormat: { Code: format },
  HTTPUserAgent: 'Mozilla/4.5',
  LabelStockSize: { Height: '6', Width: '4' },
});

/** Package references are valid within the United States and within Puerto Rico, shipment references everywhere else. */
function takesPackageReferences({ from, to }: LabelInput): boolean {
  return from.country === to.country && (from.country === 'US' || from.country === 'PR');
}

/** UPS takes postal codes without spaces and hyphens. */
const bare = (postalCode: string) => postalCode.replace(/[\s-]/g, '');

const room = { carrier: 'UPS', line: 35, city: 30, postalCode: 9 };
const written = (address: PostalAddress) => ({ ...address, postalCode: bare(address.postalCode ?? '') });

function party(address: PostalAddress): Json {
  const { name, company, lines, city, region, postalCode, country, phone } = address;
  const digits = phone?.replace(/\D/g, '').slice(0, 15);
  return {
    Name: (company ?? name ?? '').slice(0, 35),
    ...(name === undefined ? {} : { AttentionName: name.slice(0, 35) }),
    ...(digits ? { Phone: { Number: digits } } : {}),
    Address: {
      AddressLine: lines,
      City: city,
      ...(region === undefined ? {} : { StateProvinceCode: region.slice(0, 5) }),
      ...(postalCode === undefined ? {} : { PostalCode: bare(postalCode) }),
      CountryCode: country,
    },
  };
}

/**
 * @param ours reference under which label recovery finds the shipment again
 * @returns a sentence that says what is wrong, when the shipment cannot be described to UPS
 */
export function shipmentRequest(wanted: LabelInput, shipperNumber: string, ours: string): Json | string {
  if ([wanted.from, wanted.to].some(({ name, company }) => (company ?? name) === undefined))
    return 'UPS needs a name or a company in both addresses';
  const unfit = tooLong(room, written(wanted.from), written(wanted.to));
  if (unfit !== undefined) return unfit;
  const references = [{ Value: ours }, { Value: wanted.reference }];
  const onPackages = takesPackageReferences(wanted);
  const packages = packagesOf(wanted, onPackages ? references : undefined);
  if (packages === undefined) return 'UPS needs the weight of every parcel, in KGM, GRM, LBR or ONZ';
  return {
    ShipmentRequest: {
      Request: { RequestOption: 'validate', SubVersion: '2205' },
      Shipment: {
        Shipper: { ...party(wanted.from), ShipperNumber: shipperNumber },
        ShipTo: party(wanted.to),
        PaymentInformation: {
          ShipmentCharge: [{ Type: '01', BillShipper: { AccountNumber: shipperNumber } }],
        },
        Service: { Code: wanted.service },
        ...(onPackages ? {} : { ReferenceNumber: references }),
        Package: packages,
      },
      LabelSpecification: labelSpecification(labelFormat(wanted.labelFormat)),
    },
  };
}

function packagesOf(
  { parcels, packaging, from }: LabelInput,
  references: readonly Json[] | undefined,
): Json[] | undefined {
  const packages = parcels.map((parcel): Json | undefined => {
    const weight = packageWeight(parcel.weight, from.country);
    const dimensions = dimensionsOf(parcel, from.country);
    if (weight === undefined) return undefined;
    return {
      Packaging: { Code: packaging },
      ...(dimensions === undefined ? {} : { Dimensions: dimensions }),
      PackageWeight: weight,
      ...(references === undefined ? {} : { ReferenceNumber: references }),
    };
  });
  return packages.every((item) => item !== undefined) ? packages : undefined;
}
