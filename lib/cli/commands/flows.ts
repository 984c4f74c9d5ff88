/** `reroute flows`: what can be done with flow files. */
import { Command } from 'commander';
import { flowsCapsuleCommand } from './flows-capsule';
import { flowsTestCommand } from './flows-test';

export function flowsCommand(): Command {
  return new Command('flows')
    .description('flow files: tests, and tests from recorded runs')
    .addCommand(flowsTestCommand().exitOverride())
    .addCommand(flowsCapsuleCommand().exitOverride());
}
