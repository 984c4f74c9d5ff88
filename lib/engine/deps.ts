/** What the engine is given from outside: clocks, ids and randomness are values here, so that tests can hold them. */
import type { Connector } from '../connectors/kit/connector';
import type { Dispatch } from '../dispatch/port';
import type { Ledger } from '../ledger/port';
import type { CalendarBook } from '../model/calendar';
import type { Traces } from '../telemetry/traces';
import type { FlowMessage, NodeRef } from './api';
import type { EngineLimits } from './limits';
import type { Meter } from './meter';
import type { PartnerCalls } from './partners/calls';
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
  /** Working hours, holidays and cut-offs by region; without them every hour counts. */
  calendars?: CalendarBook | undefined;
  /** Epoch milliseconds. */
  now: () => number;
  /** UUIDv7. */
  newId: () => string;
  /** In [0, 1). */
  random: () => number;
  limits: EngineLimits;
  /** Where calls to partners may go; everywhere but link-local when absent. */
  targets?: TargetPolicy | undefined;
  /** A deployed node with an input, whatever its type: where an operator may move a message to. */
  nodeAt?: (id: string) => { node: NodeRef; receive(message: FlowMessage): void } | undefined;
  /** Who counts; nothing is counted without. */
  meter?: Meter | undefined;
  /** Where spans go; nothing is traced without. */
  traces?: Traces | undefined;
  /** Who answers partner calls; the partners themselves unless told. */
  calls?: PartnerCalls;
}
