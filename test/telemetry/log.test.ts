/** What the log writes. */
import assert from 'node:assert/strict';
import { masked } from '../../lib/model/personal';
import { createLog } from '../../lib/telemetry/log';

describe('The log', () => {
  const write = (work: (log: ReturnType<typeof createLog>) => void): Record<string, unknown>[] => {
    const lines: string[] = [];
    work(createLog('info', { write: (line: string) => void lines.push(line) }));
    return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  };

  it('names partners and runs, and no person and no secret, at any depth', () => {
    const [line] = write((log) =>
      log.info(
        { partner: 'acme', delivery: { body: [{ recipientName: 'Erika', authorization: 'Bearer x' }] } },
        'refused for erika@example.com',
      ),
    );
    assert.deepEqual(line?.delivery, { body: [{ recipientName: masked, authorization: masked }] });
    assert.equal(line?.partner, 'acme');
    assert.equal(line?.msg, `refused for ${masked}`);
  });

  it('keeps what an error says, but for whom it names', () => {
    const error = Object.assign(new TypeError('no route for erika@example.com'), {
      password: 'p',
      code: 'E1',
    });
    const [line] = write((log) => log.error({ err: error }, 'failed'));
    const shown = line?.err as Record<string, string>;
    assert.deepEqual(
      [shown.type, shown.message, shown.password, shown.code],
      ['TypeError', `no route for ${masked}`, masked, 'E1'],
    );
    assert.match(shown.stack ?? '', /log\.test/);
    assert.ok(!shown.stack?.includes('erika@'));
  });
});
