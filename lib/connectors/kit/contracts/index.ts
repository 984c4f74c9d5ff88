import type { SystemKind } from '../connector';
import { carrierContracts } from './carrier';
import type { OperationContract } from './contract';
import { deskContracts } from './desk';
import { ediContracts } from './edi';
import { erpContracts } from './erp';
import { storefrontContracts } from './storefront';
import { wmsContracts } from './wms';

/** Every common operation; an operation of a connector with the same kind and id keeps its contract. */
export const operationContracts: readonly OperationContract[] = [
  ...carrierContracts,
  ...erpContracts,
  ...deskContracts,
  ...storefrontContracts,
  ...wmsContracts,
  ...ediContracts,
] as unknown as readonly OperationContract[];

/** Kinds whose connectors have every common operation, or say in `absent` why not. */
export const completeKinds: readonly SystemKind[] = ['erp', 'carrier'];

/** Ids of the common operations that a connector of these kinds answers for. */
export function commonOperations(kinds: readonly SystemKind[]): readonly OperationContract[] {
  return operationContracts.filter(({ kind }) => kinds.includes(kind) && completeKinds.includes(kind));
}
