/**
 * JSONata, compiled once: expressions of nodes and partners, and input mappings, which say what an operation is to be called with. Either a JSON object whose string values that
 * begin with `$` are JSONata over the message (`{ "order": "$.case.subject", "reason": "03" }`), or one JSONata expression.
 */
import jsonata from 'jsonata';
import { FatalError } from '../model/errors';

export type Evaluate = (message: object) => Promise<unknown>;

/** @throws FatalError EXPRESSION_INVALID when it is no JSONata */
export function compileExpression(text: string, field: string): Evaluate {
  const expression = compiled(text, field);
  return (message) => evaluated(expression, message, field);
}

async function evaluated(expression: jsonata.Expression, message: object, field: string): Promise<unknown> {
  try {
    return plain(await expression.evaluate(message));
  } catch (cause) {
    throw new FatalError('EXPRESSION_FAILED', `${field} could not be evaluated: ${wordsOf(cause)}`, {
      hint: 'Correct the expression, or the data it reads, and replay.',
      cause,
    });
  }
}

/**
 * As `compileExpression`, and given up after `timeoutMs`, 100 levels of recursion or 100,000 items: for expressions that run on every
 * fact. The clock is looked at between the steps of an expression; one step, such as a regular expression, runs to its end.
 */
export function compileBounded(text: string, field: string, timeoutMs: number): Evaluate {
  const expression = compiled(text, field, { timeout: timeoutMs, stack: 100, sequence: 100_000 });
  return (message) => evaluated(expression, message, field);
}

function compiled(text: string, field: string, bounds?: jsonata.JsonataOptions): jsonata.Expression {
  try {
    return jsonata(text, bounds);
  } catch (cause) {
    throw new FatalError('EXPRESSION_INVALID', `${field} is not valid JSONata: ${wordsOf(cause)}`, { cause });
  }
}

/** An empty mapping gives an empty object. @throws FatalError EXPRESSION_INVALID */
export function compileMapping(text: string, field = 'the input mapping'): Evaluate {
  if (text.trim() === '') return async () => ({});
  const template = jsonOf(text);
  return template === undefined ? compileExpression(text, field) : compileTemplate(template, field);
}

function jsonOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function compileTemplate(template: unknown, field: string): Evaluate {
  if (typeof template === 'string' && template.startsWith('$'))
    return compileExpression(template, `${field} (${template})`);
  if (Array.isArray(template)) {
    const entries = template.map((entry) => compileTemplate(entry, field));
    return (message) => Promise.all(entries.map((entry) => entry(message)));
  }
  if (typeof template !== 'object' || template === null) return async () => template;
  const entries = Object.entries(template).map(
    ([name, value]) => [name, compileTemplate(value, field)] as const,
  );
  return async (message) => {
    const values = await Promise.all(
      entries.map(async ([name, value]) => [name, await value(message)] as const),
    );
    return Object.fromEntries(values.filter(([, value]) => value !== undefined));
  };
}

/** JSONata marks its lists with properties of its own; what leaves here is plain data, also where it refers to itself. */
function plain(value: unknown, seen = new Map<object, unknown>()): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const known = seen.get(value);
  if (known !== undefined) return known;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    seen.set(value, list);
    for (const entry of value) list.push(plain(entry, seen));
    return list;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  // Bytes, dates and the like are values of their own; JSONata's objects have no prototype.
  if (prototype !== Object.prototype && prototype !== null) return value;
  const copy: Record<string, unknown> = {};
  seen.set(value, copy);
  for (const [name, entry] of Object.entries(value)) define(copy, name, plain(entry, seen));
  return copy;
}

/** Assignment would take the name `__proto__` for something else. */
function define(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, configurable: true, enumerable: true, writable: true });
}

function wordsOf(cause: unknown): string {
  return cause instanceof Error || (typeof cause === 'object' && cause !== null && 'message' in cause)
    ? String(cause.message)
    : String(cause);
}
