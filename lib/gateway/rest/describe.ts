/** The API describes itself. */
import { z } from 'zod';
import { describeApi } from '../openapi';
import { ok, type Route, route } from '../route';

/** @param all every route of the table, this one included: asked when the description is */
export function describeRoute(all: () => readonly Route[]): Route {
  let description: unknown;
  return route({
    id: 'describe',
    method: 'get',
    path: '/openapi.json',
    role: 'open',
    scope: 'free',
    tag: 'description',
    summary: 'This description',
    answer: { status: 200, description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }) },
    async handle() {
      description ??= describeApi(all());
      return ok(description);
    },
  });
}
