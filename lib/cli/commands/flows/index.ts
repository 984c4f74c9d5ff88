/**
 * `reroute flows`: flow files, in a folder or at a running runtime. Exit codes: 0 done, 1 refused, failed or errors found,
 * 2 wrong usage.
 */
import { Command } from 'commander';
import { flowsCapsuleCommand } from './capsule';
import { deployCommand } from './deploy';
import { diffCommand } from './diff';
import { historyCommand, listCommand } from './list';
import { moveCommand } from './move';
import { rollbackCommand } from './rollback';
import { tagCommand, tagsCommand } from './tag';
import { flowsTestCommand } from './test';
import { validateCommand } from './validate';

export function flowsCommand(): Command {
  const flows = new Command('flows').description('check, compare, deploy and roll back flows');
  for (const command of [
    validateCommand(),
    listCommand(),
    diffCommand(),
    historyCommand(),
    deployCommand(),
    rollbackCommand(),
    tagCommand(),
    tagsCommand(),
    moveCommand(),
    flowsTestCommand(),
    flowsCapsuleCommand(),
  ])
    flows.addCommand(command.exitOverride());
  return flows;
}
