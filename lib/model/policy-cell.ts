/**
 * One cell of a decision table, compiled. Parsing FEEL costs a tenth of a millisecond, too much for every cell of every decision. A test made of
 * literals alone is constant between the numbers, and on the words, that it names: the interpreter is asked once for each such
 * region, and a decision only looks the region up. Other tests (arithmetic, functions) are interpreted each time.
 */
import { parseUnaryTests, unaryTest } from 'feelin';
import { FatalError } from './errors';

export interface CellInput {
  name: string;
  type: 'number' | 'string' | 'boolean' | 'enum';
  values?: string[] | undefined;
}

export interface Cell {
  matches(value: unknown): boolean;
  /** Numbers, or words, at which the answer may change; undefined when that cannot be told. */
  landmarks: readonly (number | string)[] | undefined;
}

/** Node kinds of a test whose answer changes at its literals only. */
const plainKinds = new Set([
  'UnaryTests',
  'Wildcard',
  'PositiveUnaryTests',
  'PositiveUnaryTest',
  'SimplePositiveUnaryTest',
  'CompareOp',
  'ArithOp',
  'ArithmeticExpression',
  'NumericLiteral',
  'StringLiteral',
  'BooleanLiteral',
  'null',
  'Interval',
  'not',
  '(',
  ')',
  '[',
  ']',
  '..',
  ',',
  'true',
  'false',
]);

/** @throws FatalError POLICY_INVALID when the text is no unary test over the input alone. */
export function compileCell(text: string, input: CellInput): Cell {
  const invalid = (why: string, cause?: unknown): FatalError =>
    new FatalError(
      'POLICY_INVALID',
      `the test ${JSON.stringify(text)} of ${input.name} is not right: ${why}`,
      { hint: 'Write a FEEL unary test such as >= 0.5, "A", "B" or -.', cause },
    );
  const ask = (value: unknown): boolean => {
    const { value: answer, warnings } = interpret(text, value, invalid);
    const [unknownName] = warnings.filter(
      ({ type }) => type === 'NO_VARIABLE_FOUND' || type === 'NO_FUNCTION_FOUND',
    );
    if (unknownName) throw invalid(unknownName.message);
    return answer === true;
  };
  if (text.trim() === '-') return { matches: () => true, landmarks: [] };
  const literals = plainLiterals(text, input.type);
  // Asked once at least, so that a wrong test fails when it is compiled.
  const onNull = ask(null);
  if (literals === undefined) {
    ask(input.type === 'number' ? 0 : input.type === 'boolean' ? true : (input.values?.[0] ?? ''));
    return { matches: ask, landmarks: undefined };
  }
  return input.type === 'number'
    ? numberCell(literals as number[], ask, onNull)
    : wordCell(literals, input, ask, onNull);
}

function interpret(text: string, value: unknown, invalid: (why: string, cause?: unknown) => FatalError) {
  try {
    return unaryTest(text, { '?': value });
  } catch (cause) {
    throw invalid(cause instanceof Error ? cause.message : 'it cannot be read', cause);
  }
}

function plainLiterals(text: string, type: CellInput['type']): (number | string)[] | undefined {
  const literals: (number | string)[] = [];
  let plain = true;
  parseUnaryTests(text, { '?': null }, undefined).iterate({
    enter: (node) => {
      if (!plainKinds.has(node.name)) plain = false;
      // Words are compared for equality alone: an order of words has no landmarks.
      if (node.name === 'CompareOp' && type !== 'number') plain = false;
      if (node.name === 'Interval' && type !== 'number') plain = false;
      if (node.name === 'ArithmeticExpression' && !/^-\s*[\d.]+$/.test(text.slice(node.from, node.to)))
        plain = false;
      if (node.name === 'NumericLiteral' && type === 'number')
        literals.push(Number(text.slice(node.from, node.to)), -Number(text.slice(node.from, node.to)));
      if (node.name === 'StringLiteral' && type !== 'number')
        literals.push(unquote(text.slice(node.from, node.to)));
    },
  });
  return plain && literals.every((item) => typeof item === 'string' || Number.isFinite(item))
    ? literals
    : undefined;
}

function unquote(literal: string): string {
  try {
    return String(JSON.parse(literal));
  } catch {
    return literal.slice(1, -1);
  }
}

/** Sorted, without repetitions and without -0. */
export function sortedNumbers(numbers: readonly number[]): number[] {
  return [...new Set(numbers.map((item) => item + 0))].sort((a, b) => a - b);
}

/** A point below, on, between and above each of the sorted landmarks: region 2i + 1 is landmark i, the even ones lie around. */
export function samplePoints(sorted: readonly number[]): number[] {
  const points = [sorted.length === 0 ? 0 : (sorted[0] as number) - 1];
  sorted.forEach((mark, index) => {
    const next = sorted[index + 1];
    points.push(mark, next === undefined ? mark + 1 : (mark + next) / 2);
  });
  return points;
}

function numberCell(literals: number[], ask: (value: unknown) => boolean, onNull: boolean): Cell {
  const marks = sortedNumbers(literals);
  const answers = samplePoints(marks).map(ask);
  return {
    landmarks: marks,
    matches: (value) => {
      if (typeof value !== 'number') return value === null && onNull;
      let region = 0;
      for (const mark of marks) {
        if (value < mark) break;
        region += value === mark ? 1 : 2;
        if (value === mark) break;
      }
      return answers[region] ?? false;
    },
  };
}

function wordCell(
  literals: (number | string)[],
  input: CellInput,
  ask: (value: unknown) => boolean,
  onNull: boolean,
): Cell {
  const words =
    input.type === 'boolean' ? [true, false] : [...new Set([...literals, ...(input.values ?? [])])];
  const answers = new Map<unknown, boolean>(words.map((word) => [word, ask(word)]));
  answers.set(null, onNull);
  // A word that the test does not name.
  const other = input.type === 'string' && ask(`other than ${literals.join()}`);
  return { landmarks: literals, matches: (value) => answers.get(value) ?? other };
}
