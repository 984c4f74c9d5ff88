/** Refusals of deploys that carry more than a sentence. */
import { FatalError } from '../model/errors';
import type { FlowDiff } from './diff';
import type { Finding } from './lint';

/** Somebody deployed meanwhile: what they run and what was to be written, side by side. */
export class FlowsStaleError extends FatalError {
  constructor(
    what: string,
    /** From what runs now to what was to be written. */
    readonly diff: FlowDiff[],
    /** What a write must name now. */
    readonly current: { rev?: string; version?: string },
  ) {
    super('FLOWS_STALE', `${what} was deployed by somebody else meanwhile`, {
      hint: 'Look at the difference, take over what is to stay, and deploy again on the present revision.',
    });
  }
}

/** Files were changed behind the runtime's back, and a deploy would write over them. */
export class FlowFilesChangedError extends FatalError {
  constructor(
    /** From what the files hold to what was to be written. */
    readonly diff: FlowDiff[],
  ) {
    super(
      'FLOW_FILES_CHANGED',
      `not deployed: it would write over changes in ${[...new Set(diff.map(({ path }) => path))].join(', ')} that were made outside of the runtime`,
      {
        hint: 'Take them over first, with `reroute flows deploy --dir` of the folder or a restart, and then deploy again.',
      },
    );
  }
}

/** The checks say no. */
export class FlowsRefusedError extends FatalError {
  constructor(readonly findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const secret = errors.filter(({ code }) => code === 'SECRET_IN_FLOW');
    const shown = secret.length > 0 ? secret : errors;
    super(
      secret.length > 0 ? 'SECRET_IN_FLOW' : 'FLOWS_REFUSED',
      `not deployed: ${shown
        .slice(0, 5)
        .map(({ message }) => message)
        .join('; ')}${shown.length > 5 ? `; and ${shown.length - 5} more` : ''}`,
      {
        hint:
          secret.length > 0
            ? 'Use a reference like env:NAME or file:PATH.'
            : 'Correct them; `reroute flows validate` names every one.',
      },
    );
  }
}
