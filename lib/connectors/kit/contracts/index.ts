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
