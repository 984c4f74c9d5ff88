/** `reroute templates`: what can be cloned, a clone for a region, and a template made of a flow. On files, or in a running runtime. */
import { relative, resolve } from 'node:path';
import { Command } from 'commander';
import type { Clones } from '../../flowfiles/clones/clones';
import { addTemplate, isGlobalFlow } from '../../flowfiles/clones/files';
import type { CloneRecord } from '../../flowfiles/clones/record';
import type { TemplateView } from '../../flowfiles/clones/view';
import { globalRegion } from '../../flowfiles/templates/region';
import { copyTests, startRegion } from '../../flowfiles/templates/start-region';
import { FatalError } from '../../model/errors';
import { type CloneOptions, cloneOptions, clonesOf, localClones, setting, valuesOf } from '../clones';

export function templatesCommand(): Command {
  return new Command('templates')
    .description('templates of flows: list, clone for a region, add')
    .addCommand(listCommand().exitOverride())
    .addCommand(cloneCommand().exitOverride())
    .addCommand(addCommand().exitOverride());
}

function listCommand(): Command {
  return cloneOptions(new Command('list'))
    .description('every template with its newest version and the regions that have a clone')
    .option('--json', 'as JSON')
    .action(async (options: CloneOptions & { json?: boolean }) => {
      const { templates } = await clonesOf(options).list();
      process.stdout.write(options.json ? `${JSON.stringify(templates)}\n` : templates.map(textOf).join(''));
    });
}

function textOf({ id, version, title, summary, codes, parameters, clones }: TemplateView): string {
  const lines = [
    `${id} ${version}: ${title}`,
    `  ${summary}`,
    `  codes       ${codes.join(', ')}`,
    `  clones      ${clones.map((clone) => `${clone.region} (${clone.version})`).join(', ') || 'none'}`,
    `  parameters  ${parameters.map(({ name }) => name).join(', ') || 'none'}`,
  ];
  return `${lines.join('\n')}\n`;
}

interface ForRegions extends CloneOptions {
  region: string[];
  like?: string;
  set?: [string, string][];
  version?: string;
}

function cloneCommand(): Command {
  return cloneOptions(new Command('clone'))
    .description('copy a template into one or more regions')
    .argument('<template>', 'its name, as `templates list` shows it')
    .requiredOption('--region <region...>', 'the regions')
    .option('--like <region>', 'begin a region that is not there yet with the settings and tests of this one')
    .option(
      '--set <name=value...>',
      'a parameter; what is left out comes from region.json or the template',
      setting,
    )
    .option('--version <version>', 'of the template; the newest when absent')
    .action(async (template: string, options: ForRegions) => {
      if (options.like !== undefined) await startRegions(options, options.like);
      const clones = clonesOf(options);
      const { templates } = await clones.list();
      const parameters = valuesOf(options.set, templates.find(({ id }) => id === template)?.parameters);
      for (const region of options.region) {
        tell(
          await clones.clone({
            template,
            region,
            version: options.version,
            parameters,
            author: options.author,
          }),
        );
        if (options.like === undefined) continue;
        const tests = await copyTests(options.flows, template, { region, like: options.like });
        if (tests !== undefined)
          process.stdout.write(`its tests begin as those of ${options.like}: ${tests}\n`);
      }
    });
}

async function startRegions({ flows, target, region }: ForRegions, like: string): Promise<void> {
  if (target !== undefined)
    throw new FatalError('REGION_IN_FILES', 'a region begins in the files, not in a running runtime', {
      hint: 'Leave out --target, commit the new region and deploy it.',
    });
  for (const id of region) await startRegion(flows, id, like);
}

function tell({ template, version, region }: CloneRecord): void {
  process.stdout.write(`${template} ${version} cloned for ${region}\n`);
}

function addCommand(): Command {
  return cloneOptions(new Command('add'), { remote: false })
    .description('make a template, or its next version, of a flow file, and clone it')
    .argument('<flow>', 'the flow file of one tab')
    .option('--id <id>', 'name of the template; that of the file when absent')
    .option('--version <version>', '1.0.0, or the next minor version, when absent')
    .option('--changes <text>', 'what is new, for those who upgrade')
    .option('--region <region...>', 'regions to clone it for, or whose clones to upgrade, at once')
    .action(
      async (
        flow: string,
        options: CloneOptions & { id?: string; version?: string; changes?: string; region?: string[] },
      ) => {
        const path = relative(resolve(options.flows), resolve(flow)).replaceAll('\\', '/');
        const id = options.id ?? (path.split('/').at(-1) ?? '').replace(/\.json$/, '');
        const { version, changes, flows, author } = options;
        const { manifest } = await addTemplate({ flowsDir: flows, flow: path, id, version, changes });
        process.stdout.write(`${id} ${manifest.version} is in flows/library/${id}/${manifest.version}\n`);
        const clones = localClones(flows);
        if (isGlobalFlow(path, id)) tell(await clones.adopt({ template: id, region: globalRegion, author }));
        for (const region of options.region ?? []) await bring(clones, { template: id, region, author });
      },
    );
}

/** A clone where there is none, an upgrade where there is one. @throws FatalError CONFLICTS_OPEN, FLOW_TESTS_FAILED */
async function bring(
  clones: Clones,
  request: { template: string; region: string; author: string },
): Promise<void> {
  const there = (await clones.status()).find(
    ({ template, region }) => template === request.template && region === request.region,
  );
  if (!there) return tell(await clones.clone({ ...request, parameters: {} }));
  const { from, to } = await clones.upgrade(request);
  process.stdout.write(`${request.template} of ${request.region} upgraded from ${from} to ${to}\n`);
}
