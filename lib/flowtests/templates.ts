/** Texts that begin with `=` are JSONata over what the test knows; `==` stands for a text that begins with one `=`. */
import { compileExpression, type Evaluate } from '../engine/expressions';
import { FatalError } from '../model/errors';

const compiled = new Map<string, Evaluate>();

function evaluatorOf(expression: string, path: string): Evaluate {
  const known = compiled.get(expression);
  if (known) return known;
  const made = compileExpression(expression, path);
  compiled.set(expression, made);
  return made;
}

/**
 * A copy with every template evaluated; what gives nothing is left out of its object.
 * @throws FatalError EXPRESSION_INVALID or EXPRESSION_FAILED, naming the path
 */
export async function resolved(value: unknown, scope: object, path: string): Promise<unknown> {
  if (typeof value === 'string') {
    if (!value.startsWith('=')) return value;
    if (value.startsWith('==')) return value.slice(1);
    return evaluatorOf(value.slice(1).trim(), path)(scope);
  }
  if (Array.isArray(value))
    return Promise.all(value.map((entry, index) => resolved(entry, scope, `${path}[${index}]`)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = await Promise.all(
    Object.entries(value).map(
      async ([name, entry]) => [name, await resolved(entry, scope, `${path}.${name}`)] as const,
    ),
  );
  return Object.fromEntries(entries.filter(([, entry]) => entry !== undefined));
}

/** As `resolved`, for what must come out as a text. */
export async function resolvedText(value: string, scope: object, path: string): Promise<string> {
  const result = await resolved(value, scope, path);
  if (typeof result === 'string' || typeof result === 'number') return String(result);
  throw new FatalError('TEMPLATE_EMPTY', `${path}: ${value} gives no text`);
}
