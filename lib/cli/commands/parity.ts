/** `reroute parity`: whether the two ways of a lane say the same, and whether one may take over. Exits with 1 while it may not. */
import { Command } from 'commander';
import type { ParityReport } from '../../engine/parity/report';
import { FatalError } from '../../model/errors';
import { call, type RuntimeOptions, runtimeOptions } from '../client';

interface Options extends RuntimeOptions {
  lane: string;
  candidate?: string;
  since: string;
  threshold: string;
  json?: boolean;
}
interface LanePartner {
  id: string;
  tradeLane?: string;
  kinds?: string[];
}

export function parityCommand(): Command {
  return runtimeOptions(new Command('parity'))
    .description('compare the two partners of a lane, for example EDI and API')
    .requiredOption('--lane <name>', 'the lane that both partner nodes name')
    .option('--candidate <partner>', 'the one that is to take over; the one that is not EDI when absent')
    .option('--since <when>', 'how far back: 90m, 24h, 7d, or RFC 3339', '7d')
    .option('--threshold <share>', 'coverage and agreement that are enough, 0 to 1', '0.98')
    .option('--json', 'as JSON')
    .action(async (options: Options) => {
      const [reference, candidate] = await partnersOf(options);
      const query = new URLSearchParams({
        against: reference,
        since: options.since,
        threshold: options.threshold,
      });
      const path = `/partners/${encodeURIComponent(candidate)}/parity?${query}`;
      const report = (await call(options, 'GET', path)) as unknown as ParityReport;
      process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : textOf(report));
      if (report.verdict !== 'ready') process.exitCode = 1;
    });
}

/** Reference first. @throws FatalError LANE_UNKNOWN or LANE_UNCLEAR */
async function partnersOf(options: Options): Promise<[string, string]> {
  const { items } = (await call(options, 'GET', '/partners')) as { items: LanePartner[] };
  const onLane = items.filter(({ tradeLane }) => tradeLane === options.lane);
  if (onLane.length < 2)
    throw new FatalError(
      'LANE_UNKNOWN',
      `${onLane.length} partners name the lane ${options.lane}, two are needed`,
      {
        hint: 'Give both partner nodes the same lane and deploy.',
      },
    );
  const edi = onLane.filter(({ kinds = [] }) => kinds.includes('edi'));
  const candidate = options.candidate ?? onLane.find((one) => !edi.includes(one))?.id;
  const reference = (edi.length > 0 ? edi : onLane).find(({ id }) => id !== candidate)?.id;
  if (onLane.length > 2 || candidate === undefined || reference === undefined)
    throw new FatalError(
      'LANE_UNCLEAR',
      `on the lane ${options.lane} stand ${onLane.map(({ id }) => id).join(', ')}`,
      {
        hint: 'Say with --candidate which one is to take over, and leave two partners on the lane.',
      },
    );
  return [reference, candidate];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;

function textOf(report: ParityReport): string {
  const lines = [
    `${report.candidatePartner} against ${report.referencePartner}: ${report.verdict}`,
    `  coverage ${percent(report.coverage)}, agreement ${percent(report.agreement)}, threshold ${percent(report.threshold)}`,
    `  ${report.reference} and ${report.candidate} facts, ${report.paired} pairs, ${report.pending} too young to judge`,
    ...report.reasons.map((reason) => `  ${reason}`),
    '',
    `${'field'.padEnd(32)}${['agree', 'differ', 'missing', 'added'].map((word) => word.padStart(9)).join('')}`,
    ...report.fields.map(
      ({ field, agree, differ, missing, added }) =>
        `${field.padEnd(32)}${[agree, differ, missing, added].map((n) => String(n).padStart(9)).join('')}`,
    ),
    ...alone(`only ${report.referencePartner}`, report.onlyReference),
    ...alone(`only ${report.candidatePartner}`, report.onlyCandidate),
  ];
  return `${lines.join('\n')}\n`;
}

function alone(title: string, groups: ParityReport['onlyReference']): string[] {
  if (groups.length === 0) return [];
  return [
    '',
    title,
    ...groups.map(({ code, count, examples }) => {
      const where = examples.map(({ subject }) => subject).join(', ');
      return `  ${code.padEnd(30)}${String(count).padStart(9)}  ${where}`;
    }),
  ];
}
