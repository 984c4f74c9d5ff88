import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { notify } from './operations/notify';
import { publish } from './operations/publish';

export const connector: Connector = { manifest, operations: [notify, publish] };
