import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseCsv } from '../../lib/connectors/kit/csv';
import type { FactDraft } from '../../lib/model/fact';
import type { ExceptionCode } from '../../lib/model/taxonomy';
import { connectorOfSystem, corpusDir, disputedLabels } from './support/corpus';
import { faultOf, happened, normalize } from './support/harness';

const corpus = corpusDir;

/** Words of the corpus in the words of the taxonomy. */
const exceptionOfLabel: Readonly<Record<string, ExceptionCode>> = {
  address_invalid: 'ADDRESS_INVALID',
  label_failure: 'LABEL_GENERATION_FAILED',
  delivery_failed: 'DELIVERY_ATTEMPT_FAILED',
  delivery_delay: 'TRANSIT_DELAYED',
  returned: 'RETURNED_TO_SENDER',
  damaged: 'DAMAGED',
  carrier_rejection: 'CARRIER_REJECTED',
};

/** Systems of the corpus that no connector is for; one that is not listed here, and not read, fails. */
const notRead: Readonly<Record<string, string>> = {
  a1intl: 'a regional parcel carrier without a connector',
  australiapost: 'a carrier without a connector; its one payload is an error of a call',
  lasership: 'a regional parcel carrier, now part of OnTrac, without a connector',
  prestige: 'a regional parcel carrier without a connector',
  reconex: 'a broker of less-than-truckload freight without a connector',
  rl_carriers: 'a less-than-truckload carrier without a connector',
  tforce: 'a less-than-truckload carrier without a connector',
};

const codesOf = (facts: readonly FactDraft[]) =>
  facts.flatMap(({ data }) => (data.exception ? [data.exception.code] : []));

/** Facts of one shipment each; a list payload holds several. */
function shipments(facts: readonly FactDraft[]): FactDraft[][] {
  const groups = new Map<string, FactDraft[]>();
  for (const fact of facts) {
    const key = JSON.stringify(fact.data.identifiers.trackingNumber ?? fact.data.identifiers);
    groups.set(key, [...(groups.get(key) ?? []), fact]);
  }
  return [...groups.values()];
}

/** What is open now: what the latest event of a shipment says. */
function openNow(facts: readonly FactDraft[]): ExceptionCode[] {
  return shipments(facts).flatMap((group) => codesOf(happened(group).slice(-1)));
}

const readRows = (file: string) => {
  const [header = [], ...records] = parseCsv(readFileSync(join(corpus, file), 'utf8'));
  return records.map((record) => Object.fromEntries(header.map((name, at) => [name, record[at] ?? ''])));
};

describe('payloads of the corpus', () => {
  if (!existsSync(join(corpus, 'INDEX.csv'))) {
    it('are read where the corpus lies beside the project', () => {
      assert.ok(!existsSync(join(corpus, 'INDEX.csv')));
    });
    return;
  }
  it('are all read, but for the systems that are listed with why not', () => {
    const systems = [...readRows('INDEX.csv'), ...readRows('EXPECTED_EVENTS.csv')].map(
      ({ system, file = '' }) => system ?? file.split('/')[0] ?? '',
    );
    const skipped = [...new Set(systems)].filter((system) => !connectorOfSystem.has(system));
    assert.deepEqual(skipped.sort(), Object.keys(notRead));
  });

  for (const row of readRows('INDEX.csv')) {
    const connector = connectorOfSystem.get(row.system ?? '');
    const file = row.file ?? '';
    const label = disputedLabels.get(file)?.label ?? row.expected_exception_type ?? '';
    if (connector === undefined) continue;
    it(`${file} is ${label}`, () => {
      const { facts, reports } = normalize(connector, readFileSync(join(corpus, file)));
      assert.ok(facts.length + reports.length >= 1, 'the payload is lost');
      for (const fact of facts) assert.equal(faultOf(fact), undefined);
      // A label says what a payload tells; some samples were cut by hand and tell nothing that can be trusted.
      if (label === 'rejected') {
        assert.ok(reports.some(({ kind }) => kind === 'rejected'));
        return;
      }
      // Two files describe an interface: they are no payload, and refusing them is right.
      if (!/spec/i.test(row.message_type ?? ''))
        assert.ok(reports.every(({ kind }) => kind === 'not-a-fact'));
      if (label === 'none') assert.deepEqual(openNow(facts), []);
      else if (label !== 'unsure')
        assert.ok(expected(label, codesOf(facts)), `found ${codesOf(facts).join(', ') || 'nothing'}`);
    });
  }
});

function expected(label: string, found: readonly ExceptionCode[]): boolean {
  const code = exceptionOfLabel[label];
  assert.ok(code !== undefined, `the label ${label} has no counterpart`);
  return found.includes(code);
}

describe('events of the corpus', () => {
  if (!existsSync(join(corpus, 'EXPECTED_EVENTS.csv'))) return;
  for (const row of readRows('EXPECTED_EVENTS.csv')) {
    const file = row.file ?? '';
    const connector = connectorOfSystem.get(file.split('/')[0] ?? '');
    if (connector === undefined) continue;
    it(`${file} ${row.event_time} is ${row.expected_exception_type}`, () => {
      const { facts } = normalize(connector, readFileSync(join(corpus, file)));
      const at = Date.parse(row.event_time ?? '');
      const there = facts.filter(({ data }) => Date.parse(data.time.eventTime) === at);
      assert.ok(expected(row.expected_exception_type ?? '', codesOf(there)));
    });
  }
});
