/** `reroute backtest`: recorded cases of a running runtime on a candidate flow or policy. */
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { Command } from 'commander';
import type { BacktestReport, Candidate } from '../../flowtests/backtest/model';
import { candidate } from '../../flowtests/backtest/model';
import { FatalError } from '../../model/errors';
import { call, type RuntimeOptions, runtimeOptions } from '../client';

interface Options extends RuntimeOptions {
  flow: string;
  candidate: string;
  since: string;
  until?: string;
  region?: string;
  json?: boolean;
}

const pollMs = 200;

export function backtestCommand(): Command {
  return runtimeOptions(new Command('backtest'))
    .description('run recorded cases on a candidate flow or policy: which decisions and effects would change')
    .requiredOption(
      '--flow <name>',
      'path below the flows folder, name of the file, or id or label of the tab',
    )
    .requiredOption('--candidate <file>', 'a flow file, a policy table, or a version of the flow')
    .option('--since <when>', 'how far back: 90m, 24h, 7d, or RFC 3339', '7d')
    .option('--until <when>', 'RFC 3339; now when absent')
    .option('--region <region>', 'only cases of a region')
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const { flow, since, until, region } = options;
      const body = { flow, since, until, region, candidate: candidateOf(options.candidate) };
      const { id } = (await call(options, 'POST', '/backtests', body)) as { id: string };
      const report = await finished(options, id);
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : textOf(report));
    });
}

/** @throws FatalError CANDIDATE_INVALID */
function candidateOf(name: string): Candidate {
  if (!existsSync(name)) return { version: name };
  const content: unknown = jsonOf(name);
  const parsed = candidate.safeParse(Array.isArray(content) ? { nodes: content } : { policy: content });
  if (parsed.success) return parsed.data;
  throw new FatalError('CANDIDATE_INVALID', `${name} is neither a flow file nor a policy table`);
}

function jsonOf(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch (cause) {
    throw new FatalError('CANDIDATE_INVALID', `${file} cannot be read as JSON`, { cause });
  }
}

/** @throws FatalError BACKTEST_FAILED */
async function finished(options: Options, id: string): Promise<BacktestReport> {
  for (;;) {
    const answer = await call(options, 'GET', `/backtests/${id}`);
    if (answer.report !== undefined) return answer.report as BacktestReport;
    if (answer.state !== 'running')
      throw new FatalError(
        'BACKTEST_FAILED',
        String(answer.message ?? `the back-test is ${String(answer.state)}`),
      );
    await sleep(pollMs);
  }
}

const shownExamples = 2;

function textOf(report: BacktestReport): string {
  const { flow, facts, cases, same, changed, ms } = report;
  const lines = [
    `${flow}: ${cases} cases of ${facts} facts, ${changed} changed, ${same} the same (${(ms / 1000).toFixed(1)} s)`,
    ...section(
      'by region',
      report.regions.map(
        (one) =>
          `${one.region.padEnd(8)} ${one.cases} cases, ${one.decisions} decisions and ${one.effects} with effects changed, ${one.unanswered} unanswered`,
      ),
    ),
    ...section(
      'decisions',
      report.decisions.flatMap(({ before, after, count, examples }) => [
        `${String(count).padStart(6)}  ${before ?? 'none'} -> ${after ?? 'none'}`,
        ...examples
          .slice(0, shownExamples)
          .map(
            ({ caseId, row }) => `        case ${caseId}, row ${row.before ?? '-'} -> ${row.after ?? '-'}`,
          ),
      ]),
    ),
    ...section(
      'effects',
      report.effects.flatMap(({ step, call: name, kind, count, fields, examples }) => [
        `${String(count).padStart(6)}  ${kind} ${step} (${name})${kind === 'changed' ? `: ${Object.keys(fields).join(', ')}` : ''}`,
        ...(kind === 'changed' ? examples.slice(0, shownExamples).flatMap(exampleLines) : []),
      ]),
    ),
    ...section(
      'not answered',
      report.unanswered.map(
        ({ step, call: name, count }) => `${String(count).padStart(6)}  ${step} (${name})`,
      ),
    ),
    ...section(
      'taken as done',
      report.assumed.map(({ step, call: name, count }) => `${String(count).padStart(6)}  ${step} (${name})`),
    ),
    ...section(
      'not taken',
      report.notTaken.count > 0 ? [`${String(report.notTaken.count).padStart(6)}`] : [],
    ),
    ...section(
      'errors',
      report.errors.map(({ message, count }) => `${String(count).padStart(6)}  ${message}`),
    ),
  ];
  return `${lines.join('\n')}\n`;
}

function section(title: string, lines: string[]): string[] {
  return lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${line}`)];
}

function exampleLines({
  caseId,
  differences,
}: BacktestReport['effects'][number]['examples'][number]): string[] {
  return [
    `        case ${caseId}`,
    ...differences
      .slice(0, 3)
      .map(
        ({ path, before, after }) =>
          `          ${path}: ${JSON.stringify(before)} -> ${JSON.stringify(after)}`,
      ),
  ];
}
