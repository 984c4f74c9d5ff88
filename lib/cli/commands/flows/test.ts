/** `reroute flows test`: runs the tests beside the flows, without a running runtime. Exits with 1 when one fails. */
import { Command } from 'commander';
import { findTests } from '../../../flowtests/files';
import { type FileResult, runFlowTests, type ScenarioResult, type TestReport } from '../../../flowtests/run';
import { FatalError } from '../../../model/errors';

interface Options {
  region?: string;
  json?: boolean;
  /** False by `--no-matrix`. */
  matrix: boolean;
}

export function flowsTestCommand(): Command {
  return new Command('test')
    .description('run flow tests: *.flowtest.yaml beside the flows')
    .argument('[files...]', 'test files, flow files or folders', ['flows'])
    .option('--region <region>', 'only those of a region; `global` for the global ones')
    .option('--no-matrix', 'scenarios only, without their fault matrices')
    .option('--json', 'as JSON')
    .action(async (files: string[], options: Options) => {
      const paths = findTests(files, options.region);
      if (paths.length === 0) throw new FatalError('NO_FLOW_TEST', 'there is no flow test');
      const report = await runFlowTests(paths, { faultMatrix: options.matrix });
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : textOf(report));
      if (!report.ok) process.exitCode = 1;
    });
}

function textOf(report: TestReport): string {
  const total = `${report.passed} passed, ${report.failed} failed, ${Math.round(report.ms)} ms`;
  return `${[...report.files.flatMap(fileLines), '', total].join('\n')}\n`;
}

function fileLines({ file, error, scenarios }: FileResult): string[] {
  return [
    '',
    file,
    ...(error === undefined ? [] : [indented(error, '  ')]),
    ...scenarios.flatMap(scenarioLines),
  ];
}

function scenarioLines({ name, ok, ms, failures, variants }: ScenarioResult): string[] {
  const matrix =
    variants.length === 0
      ? ''
      : `, ${variants.length} faults (${Math.round(variants.reduce((sum, variant) => sum + variant.ms, 0))} ms)`;
  return [
    `  ${ok ? 'ok  ' : 'FAIL'} ${name} (${ms} ms${matrix})`,
    ...failures.map((words) => indented(words, '         ')),
    ...variants
      .filter((variant) => variant.failures.length > 0)
      .flatMap(({ fault, failures: found }) => [
        `       when ${fault.step} fails (${fault.kind}):`,
        ...found.map((words) => indented(words, '         ')),
      ]),
  ];
}

const indented = (text: string, by: string): string => text.replace(/^/gm, by);
