import { stateOperation } from '../ticket-state';

/** `POST /tickets/{id}/reopen`. */
export const reopen = stateOperation({
  id: 'reopen',
  title: 'Reopen ticket',
  description: 'Opens a resolved ticket again.',
  reached: (state) => state === 'OPEN' || state === 'PENDING',
  undo: 'resolve',
});
