/** `reroute flows`: what can be done with flow files. */
import { Command } from 'commander';
import { flowsTestCommand } from './flows-test';

export function flowsCommand(): Command {
  return new Command('flows').description('flow files: test').addCommand(flowsTestCommand().exitOverride());
}
