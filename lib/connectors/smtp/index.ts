import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { notify } from './operations/notify';

export const connector: Connector = { manifest, operations: [notify] };
