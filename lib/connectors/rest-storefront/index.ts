import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { notifyCustomer } from './operations/notify-customer';
import { readOrder } from './operations/read-order';
import { updateEta } from './operations/update-eta';

export const connector: Connector = { manifest, operations: [readOrder, updateEta, notifyCustomer] };
