import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Connector } from '../../lib/connectors/kit/connector';
import type { HttpPort } from '../../lib/connectors/kit/http';
import { connectors } from '../../lib/connectors/kit/registry';
import { openHttpPort } from '../support/http-port';
import { type OperationFixture, operationFixturesOf } from './support/exchange';
import { fixturesOf, inboundConnectors, normalize } from './support/harness';
import { mockServer, reified } from './support/pacts/core';
import {
  describeExchange,
  type HttpInteraction,
  type MessageInteraction,
  type Pact,
  pactOf,
} from './support/pacts/pact';
import { providers } from './support/pacts/providers';
import { httpExchanges, lost, perform } from './support/pacts/record';
import { openStandIn, type StandIn } from './support/pacts/stand-in';

const fileOf = ({ manifest }: Connector) =>
  join(process.cwd(), 'docs', 'pacts', `reroute-${manifest.id}.json`);
const pactIn = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Pact;
const withPact = connectors.filter(({ manifest }) => providers.some((id) => id === manifest.id));

function interaction<T extends HttpInteraction | MessageInteraction>(
  pact: Pact,
  type: T['type'],
  name: string,
): T {
  const found = pact.interactions.find((one) => one.type === type && one.description === name);
  assert.ok(found, `the pact has no ${name}: run node scripts/generate-pacts.mjs`);
  return found as T;
}

/** Every request goes to a mock server of its own, so that the same question may be answered differently the second time. */
function throughMocks(pact: Pact, fixture: OperationFixture): HttpPort {
  const exchanges = httpExchanges(fixture);
  let at = 0;
  return async (request) => {
    const index = at++;
    const exchange = exchanges[index];
    assert.ok(exchange, `nobody expects ${request.method} ${request.path}`);
    lost(exchange);
    const name = describeExchange(fixture.name, index, exchanges.length);
    const server = mockServer(interaction<HttpInteraction>(pact, 'Synchronous/HTTP', name));
    const port = openHttpPort(server.url);
    try {
      return await port.http(request);
    } finally {
      await port.close();
      assert.deepEqual(server.end(), [], name);
    }
  };
}

for (const connector of withPact) {
  const { id } = connector.manifest;
  const inbound = inboundConnectors.find(({ manifest }) => manifest.id === id);

  describe(`the pact with ${id}`, function () {
    this.timeout(60_000);

    it('is what its fixtures say today', async () => {
      assert.ok(existsSync(fileOf(connector)), 'run node scripts/generate-pacts.mjs');
      assert.deepEqual(pactIn(fileOf(connector)), await pactOf(connector));
    });

    for (const fixture of operationFixturesOf(connector)) {
      it(`${fixture.name}: we send what it says, and understand what is answered`, async () => {
        const http = throughMocks(pactIn(fileOf(connector)), fixture);
        assert.partialDeepStrictEqual(await perform(connector, fixture, http), fixture.result);
      });
    }

    for (const { name, expected } of inbound === undefined ? [] : fixturesOf(inbound)) {
      if (expected.facts.length === 0 || inbound === undefined) continue;
      it(`${name}: we understand the message`, () => {
        const message = interaction<MessageInteraction>(
          pactIn(fileOf(connector)),
          'Asynchronous/Messages',
          name,
        );
        const { facts } = normalize(inbound, reified(message));
        assert.equal(facts.length, expected.facts.length);
        facts.forEach((fact, at) => {
          assert.partialDeepStrictEqual(fact, expected.facts[at]);
        });
      });
    }

    describe("read by Pact's own verifier", () => {
      let standIn: StandIn;
      before(async () => {
        standIn = await openStandIn(pactIn(fileOf(connector)));
      });
      after(() => standIn.close());

      it('is kept by a partner that does what it says', async () => {
        const script = join(__dirname, 'support', 'pacts', 'verify.js');
        const { url, port } = standIn;
        const child = await promisify(execFile)(process.execPath, [
          script,
          fileOf(connector),
          id,
          url,
          `${port}`,
        ]).catch(({ stdout, stderr }: { stdout: string; stderr: string }) => ({
          failed: `${stdout}\n${stderr}`,
        }));
        assert.ok(!('failed' in child), 'failed' in child ? child.failed : '');
        const names = pactIn(fileOf(connector)).interactions.map(({ description }) => description);
        assert.deepEqual([...new Set(standIn.asked)].sort(), [...names].sort());
      });
    });
  });
}

describe('a pact', () => {
  it('is broken by a request that says something else', async () => {
    const connector = connectors.find(({ manifest }) => manifest.id === 'request-tracker');
    assert.ok(connector);
    const fixture = operationFixturesOf(connector).find(({ name }) => name === 'comment.internal');
    assert.ok(fixture);
    const another = { ...fixture, input: { ...(fixture.input as object), body: 'Something else.' } };
    await assert.rejects(
      perform(connector, another, throughMocks(pactIn(fileOf(connector)), another)),
      (error) => String(error).includes('comment.internal'),
    );
  });
});
