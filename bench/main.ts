/** `npm run bench [accept|end-to-end|growth|normalise|backtest|console|sizing]`: measures and writes bench/RESULTS.md. Ratios count; the machine is named. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { acceptRounds } from './accept';
import { backtestRows } from './backtest';
import { consoleRows } from './console';
import { endToEndRounds } from './end-to-end';
import { growthRows } from './growth';
import { normaliseRows } from './normalise';
import { sizingSection } from './sizing';

const rounds = Number(process.env.BENCH_ROUNDS ?? 3);
const resultsPath = join(__dirname, '..', '..', 'bench', 'RESULTS.md');

const median = (values: number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const whole = (value: number): string => Math.round(value).toLocaleString('en');
const verdict = (met: boolean): string => (met ? 'met' : 'missed');
const two = (value: number): string => value.toFixed(2);

async function acceptSection(): Promise<string> {
  const results = await acceptRounds(rounds);
  const ratio = median(results.map(({ reroute, bare }) => reroute.perSecond / bare.perSecond));
  const row = (
    name: string,
    pick: (round: (typeof results)[number]) => { perSecond: number; p50: number; p99: number },
  ) =>
    `| ${name} | ${whole(median(results.map((round) => pick(round).perSecond)))} | ${two(median(results.map((round) => pick(round).p50)))} | ${two(median(results.map((round) => pick(round).p99)))} |`;
  return [
    '## (a) Accept over HTTP, durable, against a bare Node server',
    '',
    '| server | accepts/s | p50 ms | p99 ms |',
    '| --- | --- | --- | --- |',
    row('reroute', (round) => round.reroute),
    row('bare node', (round) => round.bare),
    '',
    `Ratio reroute / bare: **${two(ratio)}** (bar: 0.5, ${verdict(ratio >= 0.5)}).`,
    '',
  ].join('\n');
}

async function endToEndSection(): Promise<string> {
  const results = await endToEndRounds(rounds);
  const names = results[0]?.map((row) => row.name) ?? [];
  const of = (name: string, pick: (row: (typeof results)[number][number]) => number) =>
    median(results.map((round) => pick(round.find((row) => row.name === name) ?? (round[0] as never))));
  const ratio = (name: string) =>
    median(
      results.map(
        (round) =>
          (round.find((row) => row.name === 'reroute')?.perSecond ?? 0) /
          (round.find((row) => row.name === name)?.perSecond ?? 1),
      ),
    );
  return [
    '## (b) End to end, 64 connections, the drain included',
    '',
    '| contender | runs/s | reroute / it | accept p50 ms | accept p99 ms | resident MiB |',
    '| --- | --- | --- | --- | --- | --- |',
    ...names.map(
      (name) =>
        `| ${name} | ${whole(of(name, (row) => row.perSecond))} | ${two(ratio(name))} | ${two(of(name, (row) => row.acceptP50))} | ${two(of(name, (row) => row.acceptP99))} | ${whole(of(name, (row) => row.residentMb))} |`,
    ),
    '',
    `Bars: 1.5 against Node-RED core nodes (${verdict(ratio('node-red core nodes, not durable') >= 1.5)}), 1 against BullMQ (${verdict(ratio('bullmq, appendfsync always') >= 1)}).`,
    '',
  ].join('\n');
}

async function growthSection(): Promise<string> {
  const rows = await growthRows([1_000, 100_000, Number(process.env.BENCH_GROWTH_MAX ?? 1_000_000)]);
  const base = rows[0]?.msPerRun ?? 1;
  return [
    "## (c) A run's ledger work as the ledger grows",
    '',
    '| facts in the ledger | ms/run | ratio to 1 k |',
    '| --- | --- | --- |',
    ...rows.map(
      (row) => `| ${whole(row.facts)} | ${row.msPerRun.toFixed(3)} | ${two(row.msPerRun / base)} |`,
    ),
    '',
    'Bar: 1.3.',
    '',
  ].join('\n');
}

const mappingBar = 20_000;

async function normaliseSection(): Promise<string> {
  const rows = normaliseRows(rounds);
  const below = rows
    .filter(({ json, eventsPerSecond }) => json && eventsPerSecond < mappingBar)
    .map(({ name }) => name);
  return [
    '## (d) Mapping payloads to facts, events a second of processor time',
    '',
    '| payloads | bytes each | facts each | events/s | us an event |',
    '| --- | --- | --- | --- | --- |',
    ...rows.map(
      (row) =>
        `| ${row.name} (${row.payloads}) | ${whole(row.bytes)} | ${row.facts.toFixed(1)} | ${whole(row.eventsPerSecond)} | ${row.microsecondsPerEvent.toFixed(1)} |`,
    ),
    '',
    `Bar: ${whole(mappingBar)} events/s for JSON${below.length === 0 ? '' : `; below it: ${below.join('; ')}`}.`,
    '',
  ].join('\n');
}

const backtestBarSeconds = 20;

async function backtestSection(): Promise<string> {
  const rows = await backtestRows(rounds);
  const seconds = median(rows.map((row) => row.seconds));
  const [first] = rows;
  return [
    '## (e) Back-test of recorded facts on a candidate flow, two worker processes, their start included',
    '',
    '| facts | cases | changed by the candidate | seconds | facts/s |',
    '| --- | --- | --- | --- | --- |',
    `| ${whole(first?.facts ?? 0)} | ${whole(first?.cases ?? 0)} | ${whole(first?.changed ?? 0)} | ${two(seconds)} | ${whole((first?.facts ?? 0) / seconds)} |`,
    '',
    `Bar: ${backtestBarSeconds} s for 10,000 facts (${verdict(seconds < backtestBarSeconds && (first?.facts ?? 0) >= 10_000)}).`,
    '',
  ].join('\n');
}

const consoleBars = { overview: 50, other: 100 };

async function consoleSection(): Promise<string> {
  const rows = await consoleRows();
  const barOf = (question: string): number =>
    question === 'overview' ? consoleBars.overview : consoleBars.other;
  return [
    '## (f) The console on a ledger of 200,000 cases, half of them open',
    '',
    '| question | p50 ms | p95 ms | bar |',
    '| --- | --- | --- | --- |',
    ...rows.map(
      ({ question, p50, p95 }) =>
        `| ${question} | ${p50.toFixed(1)} | ${p95.toFixed(1)} | ${barOf(question)}: ${verdict(p95 < barOf(question))} |`,
    ),
    '',
    'Answers of the ledger, JSON included, HTTP left out; one after the other. The tenth page is ten lists.',
    '',
  ].join('\n');
}

const sections: Record<string, () => Promise<string>> = {
  accept: acceptSection,
  'end-to-end': endToEndSection,
  growth: growthSection,
  normalise: normaliseSection,
  backtest: backtestSection,
  console: consoleSection,
  sizing: async () => sizingSection(readFileSync(resultsPath, 'utf8')),
};

/** Reckoned from what was measured, on no machine. */
const simulated = new Set(['sizing']);

/** Replaces the sections that were measured, keeps the others. */
function write(name: string, text: string): void {
  const intro =
    '# Results\n\nWritten by `npm run bench`, each section on the machine it names. Load, servers and runtime share the cores. Absolute figures vary with the machine, ratios less so.\n';
  const machine = `Medians of ${rounds} rounds on ${cpus().length} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}.`;
  let old = '';
  try {
    old = readFileSync(resultsPath, 'utf8');
  } catch {
    // The first run.
  }
  const parts = new Map(
    [...old.matchAll(/<!-- (\S+) -->\n([\s\S]*?)<!-- end -->/g)].map((match) => [
      match[1] ?? '',
      match[2] ?? '',
    ]),
  );
  parts.set(name, simulated.has(name) ? `${text}\n` : `${text}\n${machine}\n\n`);
  const ordered = Object.keys(sections).flatMap((key) =>
    parts.has(key) ? [`<!-- ${key} -->\n${parts.get(key)}<!-- end -->\n`] : [],
  );
  writeFileSync(resultsPath, `${intro}\n${ordered.join('\n')}`);
}

async function main(): Promise<void> {
  const asked = process.argv.slice(2);
  for (const [name, section] of Object.entries(sections)) {
    if (asked.length > 0 && !asked.includes(name)) continue;
    const text = await section();
    process.stdout.write(`${text}\n`);
    write(name, text);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
