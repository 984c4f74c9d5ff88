/** How deeply a body is nested, found without recursion: whoever walks it afterwards has a stack that is deep enough. */

/** Levels of lists and objects in a request body of the REST API. */
export const maxBodyDepth = 64;

export function isWithinDepth(value: unknown, limit: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    const next = level.flatMap((one) => (one !== null && typeof one === 'object' ? Object.values(one) : []));
    if (next.length > 0 && depth >= limit) return false;
    level = next;
  }
  return true;
}
