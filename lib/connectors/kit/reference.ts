/** Shippers put their own numbers on a carrier's label; only the partner's settings can tell what such a number names. */
import { z } from 'zod';
import type { IdentifierKind, Identifiers } from '../../model/fact';

const kinds = [
  'orderNumber',
  'erpSalesOrderId',
  'deliveryId',
  'shipmentId',
  'customerAccount',
] as const satisfies readonly IdentifierKind[];

/** Settings shared by the carriers. */
export const referenceSettings = {
  referenceMeans: z
    .enum([...kinds, 'none'])
    .default('orderNumber')
    .describe("What the shipper's reference on a label names"),
  referenceNamespace: z
    .string()
    .min(1)
    .max(100)
    .default('shipper')
    .describe('System whose numbers the references are'),
};

/** The references as identifiers of the kind the partner's settings name; values that are no identifiers are left out. */
export function referenceIdentifiers(
  settings: Readonly<Record<string, unknown>>,
  values: readonly (string | undefined)[],
): Identifiers {
  const kind = kinds.find((known) => known === (settings.referenceMeans ?? 'orderNumber'));
  const namespace = typeof settings.referenceNamespace === 'string' ? settings.referenceNamespace : 'shipper';
  const unique = new Set(values.filter((value) => value !== undefined && value.length <= 200));
  const found = [...unique].slice(0, 20).map((value) => ({ namespace, value: value as string }));
  return kind === undefined || found.length === 0 ? {} : { [kind]: found };
}
