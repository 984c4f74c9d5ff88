import type { Connector } from '../kit/connector';
import { manifest } from './manifest';
import { notify } from './operations/notify';
import { postMessage } from './operations/post-message';

export const connector: Connector = { manifest, operations: [notify, postMessage] };
