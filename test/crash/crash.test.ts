import assert from 'node:assert/strict';
import { crashRun } from './crash';

describe('kill -9 under load, in short', function () {
  this.timeout(120_000);

  it('loses nothing, does nothing twice and keeps the order of every shipment', async () => {
    const report = await crashRun({ kills: 4, seed: 20_261, between: [200, 900] });
    assert.equal(report.kills, 4);
    assert.ok(report.accepted > 100, `there was load: ${report.accepted} accepted`);
    assert.deepEqual(report.missing, [], 'every 202 is handled or dead-lettered');
    assert.deepEqual(report.doubled, [], 'every effect stands in the book once');
    assert.deepEqual(report.outOfOrder, [], "each shipment's effects are in the order of its events");
    assert.equal(report.done + report.dead, report.accepted);
  });
});
