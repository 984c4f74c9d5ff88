/** Checks of a decision table as a policy node holds it: asked while it is edited, before the node starts, and before a deploy. */
import { z } from 'zod';
import { isRerouteError } from '../model/errors';
import { checkPolicy, type PolicyIssue, type PolicyTable, policyTable } from '../model/policy';
import { compileExpression } from './expressions';

export const policyDraft = z.object({
  table: z.unknown(),
  expressions: z.record(z.string(), z.string()).default({}),
});

/** Everything wrong or doubtful about a table and the expressions of its inputs. @throws ZodError when the request is no draft */
export function checkTable(body: unknown): PolicyIssue[] {
  const { table, expressions } = policyDraft.parse(body);
  const parsed = policyTable.safeParse(table);
  if (!parsed.success)
    return parsed.error.issues.map((issue) =>
      wrong(`${issue.path.join('.')}: ${issue.message}`, rowOf(issue.path)),
    );
  return [...checkExpressions(parsed.data, expressions), ...checkPolicy(parsed.data)];
}

function checkExpressions({ inputs }: PolicyTable, expressions: Record<string, string>): PolicyIssue[] {
  return inputs.flatMap(({ name }) => {
    const text = expressions[name]?.trim() ?? '';
    if (text === '') return [wrong(`The input ${name} has no expression, so it would always be missing.`)];
    try {
      compileExpression(text, `the expression of ${name}`);
      return [];
    } catch (error) {
      if (!isRerouteError(error)) throw error;
      return [wrong(error.message)];
    }
  });
}

const wrong = (message: string, rows: number[] = []): PolicyIssue => ({
  kind: 'invalid',
  severity: 'error',
  rows,
  message,
});

function rowOf([part, index]: PropertyKey[]): number[] {
  return part === 'rows' && typeof index === 'number' ? [index] : [];
}
