/** `reroute clones`: how regional clones differ from their templates, and upgrades of them. */
import { Command } from 'commander';
import type { CloneStatus } from '../../flowfiles/clones/clones';
import type { Upgrade } from '../../flowfiles/clones/upgrade';
import { conflictKey, conflictKinds, isOpen, needsChoice } from '../../flowfiles/merge/conflicts';
import type { NodeDrift } from '../../flowfiles/merge/drift';
import { Choices, type CloneOptions, cloneOptions, clonesOf, setting, valuesOf } from '../clones';

export function clonesCommand(): Command {
  return new Command('clones')
    .description('regional clones of templates: drift and upgrades')
    .addCommand(statusCommand().exitOverride())
    .addCommand(upgradeCommand().exitOverride());
}

function statusCommand(): Command {
  return cloneOptions(new Command('status'))
    .description('how each clone differs from the template it came from, and whether there is a newer one')
    .option('--region <region>', 'of this region only')
    .option('--json', 'as JSON')
    .action(async (options: CloneOptions & { region?: string; json?: boolean }) => {
      const all = await clonesOf(options).status();
      const items = all.filter(({ region }) => options.region === undefined || region === options.region);
      process.stdout.write(options.json ? `${JSON.stringify(items)}\n` : items.map(statusText).join(''));
    });
}

function statusText({
  template,
  region,
  version,
  newest,
  upgradeAvailable,
  state,
  drift,
}: CloneStatus): string {
  const upgrade = upgradeAvailable ? `, ${newest} is available` : '';
  return `${region} ${template} ${version}: ${state}${upgrade}\n${driftText(drift)}`;
}

const signs = { added: '+', removed: '-', changed: '~' } as const;

function driftText(drift: readonly NodeDrift[]): string {
  return drift
    .flatMap(({ node, name, change, properties }) => [
      `  ${signs[change]} ${node} "${name}"`,
      ...properties.map(
        ({ property, before, after }) => `      ${property}: ${short(before)} -> ${short(after)}`,
      ),
    ])
    .map((line) => `${line}\n`)
    .join('');
}

const maxShown = 100;

function short(value: unknown): string {
  const text = value === undefined ? '(none)' : JSON.stringify(value);
  return text.length <= maxShown ? text : `${text.slice(0, maxShown)}... (${text.length} characters)`;
}

interface UpgradeOptions extends CloneOptions {
  region: string;
  to?: string;
  dryRun?: boolean;
  take?: Choices;
  set?: [string, string][];
  json?: boolean;
}

function upgradeCommand(): Command {
  return cloneOptions(new Command('upgrade'))
    .description("merge a newer version of the template into a region's clone")
    .argument('<template>', 'its name')
    .requiredOption('--region <region>', 'the region')
    .option('--to <version>', 'of the template; the newest when absent')
    .option('--dry-run', 'show what would change, and run the tests; nothing is written')
    .option(
      '--take <choice...>',
      'decide a conflict: ours NODE.PROPERTY or theirs NODE.PROPERTY',
      Choices.read,
    )
    .option('--set <name=value...>', 'a parameter, for example one that the new version asks for', setting)
    .option('--json', 'as JSON')
    .action(async (template: string, options: UpgradeOptions) => {
      const clones = clonesOf(options);
      const { templates } = await clones.list();
      const request = {
        ...{ template, region: options.region, to: options.to, author: options.author },
        choices: options.take?.byKey,
        parameters: valuesOf(options.set, templates.find(({ id }) => id === template)?.parameters),
      };
      const upgrade = options.dryRun ? await clones.preview(request) : await clones.upgrade(request);
      process.stdout.write(
        options.json ? `${JSON.stringify(upgrade)}\n` : upgradeText(upgrade, !options.dryRun),
      );
      if (options.dryRun && (upgrade.open.length > 0 || (upgrade.tests?.failures.length ?? 0) > 0))
        process.exitCode = 1;
    });
}

function upgradeText(
  { template, region, from, to, news, conflicts, changes, tests }: Upgrade,
  done: boolean,
): string {
  const verb = done ? 'upgraded' : 'would go';
  return [
    `${region} ${template}: ${verb} from ${from} to ${to}\n`,
    ...(news === undefined ? [] : [`  ${news}\n`]),
    driftText(changes),
    ...conflicts.map((conflict) => {
      const { kind, name, base, ours, theirs } = conflict;
      const word = isOpen(conflict)
        ? 'conflict'
        : needsChoice(conflict)
          ? `taken: ${conflict.taken}`
          : 'note';
      return [
        `  ${word} at ${conflictKey(conflict)} ("${name}"): ${kind}, ${conflictKinds[kind]}`,
        ...(base === undefined ? [] : [`      base   ${short(base)}`]),
        ...(ours === undefined ? [] : [`      ours   ${short(ours)}`]),
        ...(theirs === undefined ? [] : [`      theirs ${short(theirs)}`]),
        '',
      ].join('\n');
    }),
    testText(tests),
  ].join('');
}

function testText(tests: Upgrade['tests']): string {
  if (!tests) return '  tests: not run\n';
  const failed = tests.failures.map(({ scenario, message }) => `      ${scenario}: ${message}\n`).join('');
  return `  tests: ${tests.passed} passed, ${tests.failures.length} failed (${tests.files.join(', ')})\n${failed}`;
}
