/** Payloads and settings against their schemas, where it is done for every delivery. */
import { z } from 'zod';
import type { InboundRequest } from './connector';

/**
 * The schema's own `safeParse`, as code generated from it when the first payload comes
 * (https://zod.dev/api, "compile"): an event is checked in a fifth of the time. Errors are the same ones.
 */
export function checkedBy<S extends z.ZodType>(
  schema: S,
): (payload: unknown) => z.ZodSafeParseResult<z.output<S>> {
  let compiled: S | undefined;
  return (payload) => {
    compiled ??= z.compile(schema);
    return compiled.safeParse(payload);
  };
}

/**
 * The settings of a partner with their defaults, read once: a partner's are the same object at every delivery and never change.
 * @throws ZodError when they do not fit; a partner is registered with settings that do.
 */
export function settingsBy<S extends z.ZodObject>(
  schema: S,
): (settings: Readonly<Record<string, unknown>>) => z.output<S> {
  const known = new WeakMap<object, z.output<S>>();
  return (settings) => {
    const found = known.get(settings);
    if (found !== undefined) return found;
    const parsed = schema.parse(settings);
    known.set(settings, parsed);
    return parsed;
  };
}

/** What `identify` and `normalize` of one connector both need of a delivery, worked out by the first of them. */
export function oncePerDelivery<T>(work: (request: InboundRequest) => T): (request: InboundRequest) => T {
  class Done {
    constructor(readonly result: T) {}
  }
  return (request) => {
    const { reading } = request;
    if (reading === undefined) return work(request);
    if (reading.done instanceof Done) return reading.done.result;
    const done = new Done(work(request));
    reading.done = done;
    return done.result;
  };
}
