/** Whether a value holds what is expected, and where it does not. Pure. */

/** Stands for any value that is there. */
const any = '*';

/**
 * Objects may hold more than is expected; lists must be as long. `*` is anything that is there, a text between slashes is a regular
 * expression, null is nothing or null. Answers one sentence for each difference, with its path.
 */
export function differences(expected: unknown, actual: unknown, path: string): string[] {
  if (expected === any) return actual === undefined ? [`${path}: missing`] : [];
  if (expected === null || expected === undefined)
    return actual === null || actual === undefined ? [] : [differs(path, expected, actual)];
  if (typeof expected === 'string' && isPattern(expected)) {
    const text = typeof actual === 'string' ? actual : JSON.stringify(actual);
    return new RegExp(expected.slice(1, -1)).test(text ?? '') ? [] : [differs(path, expected, actual)];
  }
  if (Array.isArray(expected)) return listDifferences(expected, actual, path);
  if (typeof expected !== 'object') return expected === actual ? [] : [differs(path, expected, actual)];
  if (typeof actual !== 'object' || actual === null || Array.isArray(actual))
    return [differs(path, expected, actual)];
  const found = new Map(Object.entries(actual));
  return Object.entries(expected).flatMap(([name, value]) =>
    differences(value, found.get(name), `${path}.${name}`),
  );
}

const isPattern = (text: string): boolean => text.length > 2 && text.startsWith('/') && text.endsWith('/');

function listDifferences(expected: unknown[], actual: unknown, path: string): string[] {
  if (!Array.isArray(actual)) return [differs(path, expected, actual)];
  const found = expected.flatMap((value, index) => differences(value, actual[index], `${path}[${index}]`));
  return actual.length === expected.length
    ? found
    : [`${path}: expected ${expected.length} entries, got ${actual.length}: ${shown(actual)}`, ...found];
}

function differs(path: string, expected: unknown, actual: unknown): string {
  return `${path}: expected ${shown(expected)}, got ${shown(actual)}`;
}

/** Short enough for a line. */
export function shown(value: unknown): string {
  const text = value === undefined ? 'nothing' : JSON.stringify(value);
  return text.length <= 200 ? text : `${text.slice(0, 197)}...`;
}
