import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { type CodeTable, codeTable, parseCodeRows } from '../../lib/connectors/kit/codes';
import type { NormalizeResult } from '../../lib/connectors/kit/connector';
import { corpusFilesOf } from './support/corpus';
import {
  connectorsDir,
  faultOf,
  fixturesOf,
  type InboundConnector,
  inboundConnectors,
  normalize,
  requestOf,
} from './support/harness';

function payloadsOf(connector: InboundConnector): Buffer[] {
  const files = corpusFilesOf(connector).map((file) => readFileSync(file));
  return [...fixturesOf(connector).map(({ body }) => body), ...files.filter(({ length }) => length < 50_000)];
}

function tableOf(connector: InboundConnector): CodeTable | undefined {
  const file = join(connectorsDir, connector.manifest.id, 'codes.csv');
  return existsSync(file)
    ? codeTable(parseCodeRows(readFileSync(file, 'utf8'), connector.manifest.id))
    : undefined;
}

/** Payloads for each connector in the long form (`npm run test:fuzz`); the short form is part of `npm test`. */
const longRuns = Number(process.env.FUZZ_RUNS ?? 0);
const short = { bytes: 300, values: 400, elements: 300, segments: 400 };
/** No payload may keep the thread for longer, milliseconds of processor time. */
const longestMs = 1_000;

/** The share of one kind of damage in the long form, by the kinds that the connector's payloads allow. */
function runsOf(kind: keyof typeof short, kinds: readonly (keyof typeof short)[]): number {
  if (longRuns === 0) return short[kind];
  const all = kinds.reduce((sum, one) => sum + short[one], 0);
  return Math.ceil((longRuns * short[kind]) / all);
}

/** Nothing thrown, nothing lost, nothing invalid, and no meaning that the code table does not give. */
function check(connector: InboundConnector, table: CodeTable | undefined, body: Uint8Array) {
  const before = process.threadCpuUsage();
  const result = normalize(connector, body);
  const { user, system } = process.threadCpuUsage(before);
  assert.ok((user + system) / 1000 < longestMs, `it took ${(user + system) / 1000} ms`);
  assert.ok(result.facts.length + result.reports.length >= 1, 'the payload is lost');
  assert.ok(connector.inbound.identify(requestOf(body)).dedupKey.length > 0);
  for (const fact of result.facts) assert.equal(faultOf(fact), undefined);
  if (table !== undefined) checkMeanings(table, result);
}

/** A list without a reason in any row has reasons that are told for people, and decide nothing. */
function checkMeanings(table: CodeTable, { facts }: NormalizeResult) {
  const rowsOf = Map.groupBy(table.rows, ({ codeList }) => codeList);
  for (const { data } of facts) {
    const rows = data.sourceCode && rowsOf.get(data.sourceCode.codeList);
    if (data.sourceCode === undefined || rows === undefined) continue;
    const { codeList, status } = data.sourceCode;
    const reason = rows.some((row) => row.reason !== '') ? data.sourceCode.reason : undefined;
    const { exception } = table.meaning(codeList, status, reason);
    assert.equal(data.exception?.code, exception, `${codeList}/${status}/${reason}`);
  }
}

/** Changes one value somewhere in a JSON tree: the walk follows the given turns, modulo what there is. */
function mutated(value: unknown, turns: readonly number[], replacement: unknown): unknown {
  const [turn = 0, ...rest] = turns;
  if (turns.length === 0 || typeof value !== 'object' || value === null) return replacement;
  if (Array.isArray(value)) {
    if (value.length === 0) return replacement;
    return value.map((item, at) => (at === turn % value.length ? mutated(item, rest, replacement) : item));
  }
  const keys = Object.keys(value);
  if (keys.length === 0) return replacement;
  const chosen = keys[turn % keys.length] ?? '';
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      key === chosen ? mutated(member, rest, replacement) : member,
    ]),
  );
}

/** Bodies travel as latin1 text, one character a byte, so that a counterexample can be read. */
const byteMutation = (payloads: readonly Buffer[]) =>
  fc
    .tuple(fc.constantFrom(...payloads), fc.nat(), fc.uint8Array({ maxLength: 8 }), fc.nat({ max: 40 }))
    .map(([payload, at, insert, drop]) => {
      const start = at % (payload.length + 1);
      return Buffer.concat([payload.subarray(0, start), insert, payload.subarray(start + drop)]).toString(
        'latin1',
      );
    });

const isJson = (payload: Buffer) => {
  try {
    return typeof JSON.parse(payload.toString('utf8')) === 'object';
  } catch {
    return false;
  }
};

const valueMutation = (payloads: readonly Buffer[]) =>
  fc
    .tuple(
      fc.constantFrom(...payloads),
      fc.array(fc.nat({ max: 30 }), { minLength: 1, maxLength: 9 }),
      fc.oneof(
        fc.jsonValue({ maxDepth: 2 }),
        fc.string({ maxLength: 3 }),
        fc.constantFrom('', 'ZZ', '*', 'unknown', '2026-02-30T25:61:00Z', 'x'.repeat(5000)),
      ),
    )
    .map(([payload, turns, replacement]) => {
      const changed = mutated(JSON.parse(payload.toString('utf8')), turns, replacement);
      return Buffer.from(JSON.stringify(changed)).toString('latin1');
    });

const textMutation = (payloads: readonly Buffer[]) =>
  fc
    .tuple(
      fc.constantFrom(...payloads),
      fc.nat(),
      fc.oneof(
        fc.string({ unit: 'grapheme', maxLength: 12 }),
        fc.constantFrom('ZZ', '*', '', '9'.repeat(400)),
      ),
    )
    .map(([payload, at, words]) => {
      const source = payload.toString('utf8');
      const values = [...source.matchAll(/>([^<>]+)</g)];
      const chosen = values[at % Math.max(1, values.length)];
      if (chosen === undefined) return payload.toString('latin1');
      const clean = words.replace(/[<>&]/g, '');
      const changed = `${source.slice(0, chosen.index)}>${clean}<${source.slice(chosen.index + chosen[0].length)}`;
      return Buffer.from(changed).toString('latin1');
    });

const isXml = (payload: Buffer) => /^[\s\uFEFF]*</.test(payload.toString('utf8'));

/** X12 says its separators in the ISA, EDIFACT in the UNA or has the usual ones; anything else is taken for lines of cells. */
function separatorsOf(source: string): { segment: string; element: string } {
  if (source.startsWith('ISA') && source.length > 106)
    return { segment: source.charAt(105), element: source.charAt(3) };
  if (source.startsWith('UNA')) return { segment: source.charAt(8), element: source.charAt(4) };
  return source.startsWith('UNB') ? { segment: "'", element: '+' } : { segment: '\n', element: ',' };
}

/** A segment (or line) is left out, comes twice, changes places with another, or has an element that says something else. */
const segmentMutation = (payloads: readonly Buffer[]) =>
  fc
    .tuple(
      fc.constantFrom(...payloads),
      fc.constantFrom('drop', 'double', 'swap', 'replace'),
      fc.nat(),
      fc.nat(),
      fc.oneof(fc.string({ maxLength: 8 }), fc.constantFrom('', 'ZZ', '99999999', '-1', 'x'.repeat(2000))),
    )
    .map(([payload, how, at, other, words]) => {
      const source = payload.toString('latin1');
      const { segment, element } = separatorsOf(source);
      const parts = source.split(segment);
      const [one, two] = [at % parts.length, other % parts.length];
      if (how === 'drop') parts.splice(one, 1);
      else if (how === 'double') parts.splice(one, 0, parts[one] ?? '');
      else if (how === 'swap') [parts[one], parts[two]] = [parts[two] ?? '', parts[one] ?? ''];
      else {
        const elements = (parts[one] ?? '').split(element);
        elements[other % elements.length] = words;
        parts[one] = elements.join(element);
      }
      return Buffer.from(parts.join(segment), 'latin1').toString('latin1');
    });

describe('damaged payloads', function () {
  this.timeout(longRuns === 0 ? 60_000 : 1_800_000);
  for (const connector of inboundConnectors) {
    const payloads = payloadsOf(connector);
    const table = tableOf(connector);
    const json = payloads.filter(isJson);
    const xml = payloads.filter(isXml);
    const segments = payloads.filter((payload) => !isJson(payload) && !isXml(payload));
    const kinds: (keyof typeof short)[] = ['bytes'];
    if (json.length > 0) kinds.push('values');
    if (xml.length > 0) kinds.push('elements');
    if (segments.length > 0) kinds.push('segments');
    const rounds = (kind: keyof typeof short) => ({ numRuns: runsOf(kind, kinds) });

    it(`of ${connector.manifest.id} are never lost and never guessed at when bytes are damaged`, () => {
      fc.assert(
        fc.property(byteMutation(payloads), (text) => check(connector, table, Buffer.from(text, 'latin1'))),
        rounds('bytes'),
      );
    });
    if (json.length > 0) {
      it(`of ${connector.manifest.id} are never lost and never guessed at when a value is another`, () => {
        fc.assert(
          fc.property(valueMutation(json), (text) => check(connector, table, Buffer.from(text, 'latin1'))),
          rounds('values'),
        );
      });
    }
    if (xml.length > 0) {
      it(`of ${connector.manifest.id} are never lost and never guessed at when an element says something else`, () => {
        fc.assert(
          fc.property(textMutation(xml), (text) => check(connector, table, Buffer.from(text, 'latin1'))),
          rounds('elements'),
        );
      });
    }
    if (segments.length > 0) {
      it(`of ${connector.manifest.id} are never lost and never guessed at when a segment is not as it was`, () => {
        fc.assert(
          fc.property(segmentMutation(segments), (text) =>
            check(connector, table, Buffer.from(text, 'latin1')),
          ),
          rounds('segments'),
        );
      });
    }
  }
});
