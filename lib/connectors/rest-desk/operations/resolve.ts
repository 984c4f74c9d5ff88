import { stateOperation } from '../ticket-state';

/** `POST /tickets/{id}/resolve`. */
export const resolve = stateOperation({
  id: 'resolve',
  title: 'Resolve ticket',
  description: 'Resolves a ticket in the service desk.',
  reached: (state) => state === 'RESOLVED' || state === 'CLOSED',
  undo: 'reopen',
});
