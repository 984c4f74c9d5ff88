/** Live changes as server-sent events. */
import { Problem } from '../problems';
import { route } from '../route';

export const streamRoute = route({
  id: 'stream',
  method: 'get',
  path: '/stream',
  role: 'viewer',
  tag: 'stream',
  summary: 'Changes of cases, dead letters, replays and alerts as they happen',
  description:
    'Server-sent events `case`, `dead-letter`, `replay` and `alert` say what changed: `kind`, `ref` (its id), `state`, `at`. The header `Last-Event-ID` goes on after that change; `reset` says that some can no longer be told, so that everything must be read anew. A comment comes every 15 seconds.',
  answer: { status: 200, description: 'The stream', mediaType: 'text/event-stream' },
  refusals: [503],
  async handle({ caller, deps, request }) {
    const { hub } = deps;
    if (!hub.hasRoom(caller.actor))
      throw new Problem(503, 'too-many-streams', {
        detail: 'Too many event streams are open; close a screen, or read again by the lists.',
        headers: { 'retry-after': '10' },
      });
    const id = Number(request.headers['last-event-id']);
    const after = Number.isSafeInteger(id) && id > 0 ? id : undefined;
    const events = await hub.subscribe(caller.actor, after);
    return {
      status: 200,
      mediaType: 'text/event-stream',
      bytes: events,
      headers: { 'cache-control': 'no-store', 'x-accel-buffering': 'no' },
    };
  },
});
