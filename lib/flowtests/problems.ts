/** Zod's issues as sentences for whoever wrote a test file: of several shapes that were possible, the one that was meant. */
import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

export function problemsOf(error: z.ZodError): string[] {
  return error.issues.flatMap((issue) => sentences(issue, []));
}

function sentences(issue: Issue, above: readonly PropertyKey[]): string[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const meant = nearest(issue.errors);
    return meant.flatMap((inner) => sentences(inner, path));
  }
  return [`${textOf(path)}: ${issue.message}`];
}

/** The shape whose issues lie deepest, and of those the one with the fewest: a wrong key says that another shape was meant. */
function nearest(branches: readonly (readonly Issue[])[]): readonly Issue[] {
  const [best = []] = [...branches].sort((a, b) => strangeness(a) - strangeness(b) || a.length - b.length);
  return best;
}

function strangeness(issues: readonly Issue[]): number {
  return issues.reduce((sum, issue) => sum + weightOf(issue), 0);
}

/** A list where an object could stand: whatever is wrong inside, the list was meant. */
const anotherShape = 1_000;

function weightOf(issue: Issue): number {
  if (issue.code === 'invalid_union')
    return issue.errors.length === 0 ? 2 : strangeness(nearest(issue.errors)) + 0.1;
  const isHere = issue.path.length === 0;
  if (issue.code === 'unrecognized_keys') return 2 * issue.keys.length + (isHere ? 1 : 0);
  if (issue.code === 'invalid_type') return isHere ? anotherShape : 3;
  return isHere ? 2 : 1;
}

function textOf(path: readonly PropertyKey[]): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
