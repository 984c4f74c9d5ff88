/** What the engine is given from outside: clocks, ids and randomness are values here, so that tests can hold them. */
import type { Connector } from '../connectors/kit/connector';
import type { Dispatch } from '../dispatch/port';
import type { Ledger } from '../ledger/port';
import type { EngineLimits } from './limits';
import type { TargetPolicy } from './partners/targets';

export interface Logger {
  info(detail: object, text: string): void;
  warn(detail: object, text: string): void;
  error(detail: object, text: string): void;
}

export interface EngineDeps {
  ledger: Ledger;
  dispatch: Dispatch;
  connectors: (id: string) => Connector | undefined;
  environment: Readonly<Record<string, string | undefined>>;
  log: Logger;
  /** Organisation in keys and sources. */
  tenant: string;
  /** Region of this installation, ISO 3166; for what names none. */
  region?: string | undefined;
  /** Epoch milliseconds. */
  now: () => number;
  /** UUIDv7. */
  newId: () => string;
  /** In [0, 1). */
  random: () => number;
  limits: EngineLimits;
  /** Where calls to partners may go; everywhere but link-local when absent. */
  targets?: TargetPolicy | undefined;
}
