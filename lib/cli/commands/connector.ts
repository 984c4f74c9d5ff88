/** `reroute connector new`: the folder of a connector that passes its suites, to be made right from there. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command, Option } from 'commander';
import { type SystemKind, systemKinds } from '../../connectors/kit/connector';
import { FatalError } from '../../model/errors';
import { skeletonOf } from '../skeleton';

interface Options {
  kind: SystemKind;
  title: string;
  root: string;
}

export function connectorCommand(): Command {
  const create = new Command('new')
    .description('write the folder of a new connector into a checkout')
    .argument('<id>', 'lower-case letters, digits and hyphens: the name of the folder')
    .addOption(new Option('--kind <kind>', 'what it is').choices([...systemKinds]).makeOptionMandatory())
    .requiredOption('--title <title>', 'what people call it')
    .option('--root <folder>', 'the checkout', '.')
    .action((id: string, options: Options) => {
      for (const file of writeConnector(id, options)) process.stdout.write(`${file}\n`);
    });
  return new Command('connector').description('make connectors').addCommand(create.exitOverride());
}

/** Answers the files that were written. @throws FatalError when the name is taken or wrong, or the folder no checkout */
function writeConnector(id: string, { kind, title, root }: Options): string[] {
  if (!/^[a-z][a-z0-9-]{1,40}$/.test(id) || id.endsWith('-') || id === 'kit')
    throw new FatalError('CONNECTOR_NAME', `${id} is no name for a connector`, {
      hint: 'Use lower-case letters, digits and hyphens, beginning with a letter.',
    });
  const folder = resolve(root, 'lib', 'connectors');
  if (!existsSync(join(folder, 'kit', 'connector.ts')))
    throw new FatalError('NO_CHECKOUT', `there is no lib/connectors/kit in ${resolve(root)}`, {
      hint: 'Run it in a checkout of Reroute, or name one with --root.',
    });
  const home = join(folder, id);
  if (existsSync(home))
    throw new FatalError('CONNECTOR_EXISTS', `${home} is there already`, { hint: 'Choose another id.' });
  const written = Object.entries(skeletonOf({ id, kind, title })).map(([name, text]) => {
    const file = join(home, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return join('lib', 'connectors', id, name);
  });
  register(resolve(root));
  return written;
}

/** The registry is made from the folders. */
function register(root: string): void {
  const script = join(root, 'scripts', 'generate-connectors.mjs');
  const done = spawnSync(process.execPath, [script], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  if (done.status !== 0)
    throw new FatalError('NOT_REGISTERED', 'the folder is written, but the registry could not be made', {
      hint: 'Run node scripts/generate-connectors.mjs.',
    });
}
