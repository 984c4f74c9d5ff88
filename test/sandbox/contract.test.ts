/** The generator and the connectors were written apart, after the vendors' pages: here they meet. */
import assert from 'node:assert/strict';
import { connectors } from '../../lib/connectors/kit/registry';
import { scenarioNames, scenarios, shipmentOf, signatureHeaders } from '../../sandbox/traffic';

const connectorIds = {
  easypost: 'easypost',
  fedex: 'fedex',
  ups: 'ups',
  wms: 'epcis',
  tms: 'rest-tms',
} as const;
/** The exception that the last delivery of a scenario must open; absent = none at all. */
const opened: Record<string, string> = {
  'short-pick': 'INVENTORY_SHORT_PICK',
  late: 'TRANSIT_DELAYED',
  'ups-exception': 'TRANSIT_DELAYED',
  'tracker-late': 'TRANSIT_DELAYED',
  'booking-rejected': 'CARRIER_REJECTED',
  'pickup-missed': 'PICKUP_MISSED',
};

describe('Generated traffic is what the connectors understand', () => {
  for (const name of scenarioNames) {
    const { partner, payloads } = scenarios[name];
    const connector = connectors.find(({ manifest }) => manifest.id === connectorIds[partner]);
    it(`${name}: accepted by its signature, and means ${opened[name] ?? 'no exception'}`, () => {
      const inbound = connector?.inbound;
      assert.ok(inbound && connector, `no connector for ${partner}`);
      for (let index = 0; index < 10; index += 1) {
        const shipment = shipmentOf({ seed: 2, startAt: Date.parse('2026-03-02T09:00:00Z') }, index);
        let latest = 0;
        const found = payloads(shipment).map((payload): string[] => {
          const text = JSON.stringify(payload);
          const request = { headers: signatureHeaders(partner, 'secret', text), body: Buffer.from(text) };
          assert.deepEqual(
            inbound.verify(request, () => ['secret'], Date.now()),
            { ok: true },
          );
          assert.equal(inbound.verify(request, () => ['other'], Date.now()).ok, false);
          const settings = connector.manifest.settings.parse({});
          const { facts, reports } = inbound.normalize(request, {
            receivedAt: shipment.at,
            settings,
            manifest: connector.manifest,
          });
          assert.deepEqual(
            reports.filter(({ kind }) => kind === 'rejected'),
            [],
          );
          const actual = facts.filter(({ data }) => data.time.timeClassifier === 'ACTUAL');
          const newest = Math.max(...actual.map(({ data }) => Date.parse(data.time.eventTime)));
          assert.ok(newest >= latest, 'time ran backwards');
          latest = newest;
          return facts.flatMap(({ data }) => (data.exception ? [data.exception.code] : []));
        });
        const expected = opened[name];
        assert.deepEqual([...new Set(found.at(-1))], expected ? [expected] : []);
        assert.deepEqual(found.slice(0, -1).flat(), []);
      }
    });
  }
});
