/** The least system there is: takes any POST and says yes. For benchmarks and first steps; keyed like the others. */
import { type System, systemOf } from '../core/http';

const answer = { status: 200, body: { ok: true } };

export function stub(): System {
  const take = (path: string) => ({ ...answer, work: { target: path || '/', commit: () => undefined } });
  return systemOf('stub', false, [
    { method: 'POST', pattern: '', operation: 'post', keyed: true, handle: (call) => take(call.path) },
    { method: 'POST', pattern: '/', operation: 'post', keyed: true, handle: (call) => take(call.path) },
    { method: 'POST', pattern: '/:name', operation: 'post', keyed: true, handle: (call) => take(call.path) },
  ]);
}
