import assert from 'node:assert/strict';
import { connectors } from '../../lib/connectors/kit/registry';
import { operationFixturesOf, runExchange } from './support/exchange';

for (const connector of connectors) {
  const fixtures = operationFixturesOf(connector);
  if (fixtures.length === 0) continue;
  describe(`connector ${connector.manifest.id}: what it does`, () => {
    for (const fixture of fixtures) it(fixture.name, () => runExchange(connector, fixture));

    for (const operation of connector.operations) {
      const own = fixtures.filter((fixture) => fixture.operation === operation.id);
      const sends = own.filter(({ call }) => call === 'send');

      it(`${operation.id} is shown to succeed and to fail`, () => {
        assert.ok(
          sends.some(({ result }) => result.outcome === 'ok'),
          'no fixture succeeds',
        );
        assert.ok(
          sends.some(({ result }) => result.outcome !== 'ok'),
          'no fixture fails',
        );
      });

      if (operation.safety === 'reconcilable') {
        it(`${operation.id} is shown to find what is there, and to find nothing`, () => {
          const lookUps = own.filter(({ call }) => call === 'lookUp').map(({ result }) => result.found);
          assert.ok(lookUps.includes(true) && lookUps.includes(false));
        });
      }
    }
  });
}
