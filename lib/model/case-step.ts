/** What a command comes to: the events to be, or why it is refused. */
import type { CaseChanges, CaseCommand, CaseRefusal, CaseStateName } from './case-types';

/** One event to be: usually one a command. */
export interface Step {
  /** When it is not the command's own. */
  type?: CaseCommand['type'];
  to: CaseStateName;
  changes: CaseChanges;
  detail?: Record<string, unknown>;
  manualFrom?: CaseStateName;
}

export type Refused = Omit<CaseRefusal, 'past'>;
export type Command<T extends CaseCommand['type']> = Extract<CaseCommand, { type: T }>;
export const refused = (code: string, message: string, hint: string): Refused => ({ code, message, hint });
