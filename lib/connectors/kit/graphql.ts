/** GraphQL over HTTP (https://graphql.github.io/graphql-over-http/): an answer of 200 may hold `errors` beside or instead of `data`. */
import type { HttpResponse } from './http';
import { type Json, list, object, text } from './text';

export interface GraphqlError {
  message: string;
  /** `extensions.code`, or a `code` of its own where a vendor puts it there. */
  code: string | undefined;
  /** The whole error, for what a vendor adds. */
  whole: Json;
}

export interface GraphqlBody {
  data: Json | undefined;
  errors: readonly GraphqlError[];
  extensions: Json | undefined;
}

/** The parts of an answer; undefined when it is no GraphQL answer. */
export function graphqlBody(response: HttpResponse): GraphqlBody | undefined {
  const body = object(response.json());
  if (body === undefined) return undefined;
  const errors = list(body.errors, 100).map((item): GraphqlError => {
    const whole = object(item) ?? {};
    const message = text(whole.message, 500) ?? text(item, 500) ?? 'an error without a message';
    return { message, code: text(object(whole.extensions)?.code ?? whole.code, 100), whole };
  });
  return { data: object(body.data), errors, extensions: object(body.extensions) };
}
