/** What flows ask of people: alerts, and decisions. */
import type { AlertKind } from '../../model/alert';
import type { CaseChoice } from '../../model/case';
import type { Money } from '../../model/fact';
import type { Severity } from '../../model/taxonomy';
import type { FlowMessage, NodeRef } from '../message';

/** A channel for alerts: one run for every alert that fires and matches. */
export interface AlertSource {
  kind: 'alert-in';
  node: NodeRef;
  /** Business and technical alerts never share a channel. */
  channel: AlertKind;
  /** Empty lists match everything. */
  rules: string[];
  regions: string[];
  /** The mildest severity that is taken. */
  severity: Severity;
  deliver(message: FlowMessage): void;
}
/** What a flow alerts. */
export interface AlertRequest {
  node: NodeRef;
  kind: AlertKind;
  severity: Severity;
  title: string;
  message: string;
  /** One cause: another alert of the key is counted on the one that is open. The case, or the run, when it is empty. */
  key?: string;
  /** Ends the open alert of the key instead of raising one. */
  resolve?: boolean;
}

/** A decision that people are asked for. */
export interface AskRequest {
  node: NodeRef;
  /** Of the decision, as policies have them: pinned on the case. */
  name: string;
  version: string;
  text: string;
  choices: CaseChoice[];
  /** Order value above which two persons decide. */
  approvalLimit?: Money;
  /** Milliseconds until the default is taken, or the flow goes on with no answer. */
  withinMs?: number;
  /** Id of a choice. */
  default?: string;
}
export type AskOutcome =
  /** Parked until somebody decides or the time is up; the node sends nothing. */
  | { kind: 'parked' }
  | { kind: 'decided'; choice: string; then: Record<string, unknown>; by: string }
  /** Time is up, and there is no default that may be taken: the case is a person's. */
  | { kind: 'no answer' };
