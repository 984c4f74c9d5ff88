import type { Connector } from '../kit/connector';
import { deskOperations } from '../kit/desk';
import { manifest } from './manifest';
import { desk } from './tickets';

export const connector: Connector = { manifest, operations: deskOperations(desk) };
