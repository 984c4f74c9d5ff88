/** Commands that a page of the documentation tells its reader to type. */
import { readProject } from './project';

/** Blocks fenced as `sh` are commands to type; each line is one. */
export function commandsOf(page: string): string[] {
  const blocks = [...readProject(page).matchAll(/^```sh\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? '');
  return blocks.flatMap((block) => block.split('\n')).filter((line) => line.trim() !== '');
}

/** Words of a command line; double and single quotes hold one together. */
export const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  );
