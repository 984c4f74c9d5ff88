import assert from 'node:assert/strict';
import fc from 'fast-check';
import { assembleTrace } from '../../lib/gateway/views/trace';
import { walkIdentifiers } from '../../lib/gateway/views/walk';
import type { IdentifierLink } from '../../lib/ledger/cases';
import { documentUri, normalizeIdentifier } from '../../lib/model/keys';
import { at } from '../support/fact-builder';
import { ask } from './support/client';
import { startGateway, type TestGateway } from './support/gateway';
import { confirmEffect, killRun, seedEvent } from './support/seed';

const order = (value: string) => [{ namespace: 'shop', value }];

describe('the trace of an order', () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startGateway();
    const { ledger } = gateway;
    // Order 1: the shop knows the order, the ERP order and delivery, the carrier delivery and tracking number.
    await seedEvent(ledger, {
      subject: 'ord:shop:SO-1',
      minute: 0,
      identifiers: { orderNumber: order('SO-1'), customerAccount: [{ namespace: 'shop', value: 'C9' }] },
    });
    await seedEvent(ledger, {
      subject: 'dlv:erp:800',
      minute: 5,
      identifiers: { orderNumber: order('SO-1'), deliveryId: [{ namespace: 'erp', value: '0800' }] },
    });
    const delayed = await seedEvent(ledger, {
      subject: 'trk:ups:1Z1',
      minute: 9,
      opensCase: true,
      identifiers: {
        deliveryId: [{ namespace: 'erp', value: '0800' }],
        trackingNumber: [{ carrier: 'ups', value: '1Z1' }],
      },
    });
    await confirmEffect(ledger, 'trk:ups:1Z1', delayed.runId, delayed.case?.id, at(10));
    const lost = await seedEvent(ledger, {
      subject: 'ord:shop:SO-1',
      minute: 20,
      identifiers: { orderNumber: order('SO-1') },
    });
    // The first event's run is still live, so it goes first.
    await killRun(
      ledger,
      'ord:shop:SO-1',
      (await ledger.factsBySubjects(['ord:shop:SO-1'], 9)).find((item) =>
        item.fact.recordedTime.includes('12:00'),
      )?.runId ?? '',
      undefined,
      at(30),
    );
    await killRun(ledger, 'ord:shop:SO-1', lost.runId, { code: 'FLOW_ERROR', message: 'thrown' }, at(31));
    // The partner that got the effect's document refuses it; another partner refuses a document with the same number.
    for (const [minute, partner] of [
      [32, 'erp'],
      [33, 'acme'],
    ] as const)
      await seedEvent(ledger, {
        subject: `fact:refusal-of-${partner}`,
        minute,
        partner,
        identifiers: {},
        data: { evidence: [{ kind: 'document', uri: documentUri('x12', 'R1') }] },
      });
    // Another order of the same customer, and one with the same number in another system.
    await seedEvent(ledger, {
      subject: 'ord:shop:SO-2',
      minute: 3,
      identifiers: { orderNumber: order('SO-2'), customerAccount: [{ namespace: 'shop', value: 'C9' }] },
    });
    await seedEvent(ledger, {
      subject: 'dlv:wms:800',
      minute: 4,
      identifiers: { orderNumber: order('SO-3'), deliveryId: [{ namespace: 'wms', value: '0800' }] },
    });
    // Two orders in one container, and what was said of the container itself.
    await seedEvent(ledger, {
      subject: 'ord:shop:SO-4',
      minute: 6,
      identifiers: { orderNumber: order('SO-4'), asnId: [{ namespace: 'x', value: 'ASN7' }] },
    });
    await seedEvent(ledger, {
      subject: 'ord:shop:SO-5',
      minute: 6,
      identifiers: { orderNumber: order('SO-5'), asnId: [{ namespace: 'x', value: 'ASN7' }] },
    });
    await seedEvent(ledger, {
      subject: 'asn:x:ASN7',
      minute: 7,
      identifiers: { asnId: [{ namespace: 'x', value: 'ASN7' }] },
    });
    // A tracking number that the carrier used twice.
    const reused = (shipDate: string) => [{ carrier: 'dhl', value: 'T1', shipDate }];
    await seedEvent(ledger, {
      subject: 'trk:dhl:T1:2025-01-01',
      minute: 1,
      identifiers: { orderNumber: order('SO-6'), trackingNumber: reused('2025-01-01') },
    });
    await seedEvent(ledger, {
      subject: 'trk:dhl:T1:2026-01-01',
      minute: 2,
      identifiers: { orderNumber: order('SO-7'), trackingNumber: reused('2026-01-01') },
    });
  });
  after(() => gateway.stop());

  const trace = async (identifier: string) =>
    (await ask(gateway, `GET /trace/${encodeURIComponent(identifier)}`, { as: 'viewer' })).json;

  it('is the same by any of its identifiers', async () => {
    const entries = async (identifier: string) =>
      (await trace(identifier)).entries.map(
        (item: { kind: string; id: string }) => `${item.kind} ${item.id}`,
      );
    const byOrder = await entries('SO-1');
    assert.ok(byOrder.length > 8);
    for (const identifier of ['so 1', '1Z1', '1z-1', 'trk:ups:1Z1', 'dlv:erp:800'])
      assert.deepEqual(await entries(identifier), byOrder, identifier);
  });

  it('holds facts, runs, case, effect, acknowledgement and dead letters, in time order', async () => {
    const { entries } = await trace('SO-1');
    const counts = Object.groupBy(entries as { kind: string; at: string }[], ({ kind }) => kind);
    assert.deepEqual(
      Object.fromEntries(Object.entries(counts).map(([kind, items]) => [kind, items?.length])),
      {
        fact: 5,
        run: 6,
        case: 1,
        effect: 1,
        acknowledgement: 1,
        'dead-letter': 2,
      },
    );
    const times = entries.map((item: { at: string }) => item.at);
    assert.deepEqual(times, [...times].sort());
    assert.ok(entries.some((item: { title: string }) => item.title === 'erp shows setEta on order/4711'));
  });

  it('shows that a partner refused a document that was sent for the order', async () => {
    const { entries, links } = await trace('SO-1');
    const refusal = entries.find((item: { subject?: string }) => item.subject === 'fact:refusal-of-erp');
    assert.equal(refusal?.partner, 'erp');
    const link = links.find((item: IdentifierLink) => item.kind === 'document');
    assert.partialDeepStrictEqual(link, { namespace: 'x12', value: 'R1', assertedBy: 'erp' });
    // By the number alone nobody knows whose document is meant.
    const { roots } = await trace('R1');
    assert.ok(roots.includes('fact:refusal-of-erp') && roots.includes('fact:refusal-of-acme'));
  });

  it('says where each identifier came from', async () => {
    const { links } = await trace('SO-1');
    const link = links.find(
      (item: IdentifierLink) => item.subject === 'trk:ups:1Z1' && item.kind === 'deliveryId',
    );
    assert.equal(link.value, '0800');
    assert.equal(link.namespace, 'erp');
    assert.ok(link.firstFactId && link.assertedBy);
  });

  it('keeps away from other orders of the customer and from the same number in another system', async () => {
    const { subjects } = await trace('SO-1');
    assert.deepEqual([...subjects].sort(), [
      'dlv:erp:800',
      'fact:refusal-of-erp',
      'ord:shop:SO-1',
      'trk:ups:1Z1',
    ]);
  });

  it('by a number that two systems use names both, and says so', async () => {
    const { roots } = await trace('0800');
    assert.deepEqual([...roots].sort(), ['dlv:erp:800', 'dlv:wms:800', 'trk:ups:1Z1']);
  });

  it('takes in what was said of its container, and only names the other orders in it', async () => {
    const { subjects, related } = await trace('SO-4');
    assert.deepEqual([...subjects].sort(), ['asn:x:ASN7', 'ord:shop:SO-4']);
    assert.deepEqual(related, ['ord:shop:SO-5']);
    assert.deepEqual([...(await trace('ASN7')).subjects].sort(), [
      'asn:x:ASN7',
      'ord:shop:SO-4',
      'ord:shop:SO-5',
    ]);
  });

  it('does not mix two shipments under one reused tracking number', async () => {
    const { subjects, related } = await trace('SO-6');
    assert.deepEqual(subjects, ['trk:dhl:T1:2025-01-01']);
    assert.deepEqual(related, ['trk:dhl:T1:2026-01-01']);
    assert.equal((await trace('T1')).roots.length, 2);
  });

  for (const identifier of ['nothing', '---', "'; DROP TABLE links; --", '%', '💥']) {
    it(`answers 404 to ${identifier}`, async () => {
      assert.equal((await ask(gateway, `GET /trace/${encodeURIComponent(identifier)}`)).status, 404);
    });
  }
});

/** Links as the ledger would answer them, over a plain list. */
function linksIn(links: IdentifierLink[]) {
  return {
    subjectsOf: async (wanted: string[]) =>
      links.filter((link) => wanted.includes(normalizeIdentifier(link.value))),
    linksOf: async (wanted: string[]) => links.filter((link) => wanted.includes(link.subject)),
  };
}

const link = fc.record({
  kind: fc.constantFrom('orderNumber', 'deliveryId', 'shipmentId', 'proNumber'),
  namespace: fc.constantFrom('a', 'b'),
  value: fc.constantFrom('1', '2', '3', '4', '5'),
  subject: fc.constantFrom('s1', 's2', 's3', 's4', 's5', 's6'),
  firstFactId: fc.constant('f'),
  firstAt: fc.constant(0),
  assertedBy: fc.constant('acme'),
});

describe('the walk through identifier links', () => {
  it('reaches the same subjects from each of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(link, { minLength: 1, maxLength: 20 }), async (links) => {
        const [first] = links;
        assert.ok(first);
        const whole = await walkIdentifiers(linksIn(links), first.subject);
        for (const subject of whole.subjects) {
          const again = await walkIdentifiers(linksIn(links), subject);
          assert.deepEqual([...again.subjects].sort(), [...whole.subjects].sort());
        }
        assert.equal(whole.truncated, false);
      }),
      { numRuns: 200 },
    );
  });

  it('stops at its bounds and says so', async () => {
    const chain = Array.from({ length: 50 }, (_, index) =>
      [index, index + 1].map(
        (value): IdentifierLink => ({
          kind: 'shipmentId',
          namespace: 'n',
          value: `v${value}`,
          subject: `s${index}`,
          firstFactId: 'f',
          firstAt: 0,
          assertedBy: 'acme',
        }),
      ),
    ).flat();
    const short = await walkIdentifiers(linksIn(chain), 'v0', { subjects: 10, links: 1_000, rounds: 100 });
    assert.equal(short.subjects.length, 10);
    assert.equal(short.truncated, true);
    const few = await walkIdentifiers(linksIn(chain), 'v0', { subjects: 100, links: 1_000, rounds: 3 });
    assert.equal(few.truncated, true);
    assert.equal(
      (await walkIdentifiers(linksIn(chain), 'v0', { subjects: 100, links: 1_000, rounds: 100 })).truncated,
      false,
    );
  });

  it('assembles nothing from nothing', () => {
    assert.deepEqual(
      assembleTrace({
        facts: [],
        cases: [],
        caseEvents: [],
        runs: [],
        effects: [],
        waits: [],
        deadLetters: [],
      }),
      [],
    );
  });
});
