/** Pact's own core: mock servers and messages from the interactions of a pact file. */
import type { ConsumerPact, MatchingResult } from '@pact-foundation/pact-core';
import type { HttpInteraction, MessageInteraction } from './pact';

/** Number of Pact Specification V4 in the core. */
const v4 = 5;
const host = '127.0.0.1';

/** The core counts its users over the network unless it is told not to, so it is loaded only after that. */
export function loadCore(): typeof import('@pact-foundation/pact-core') {
  process.env.PACT_DO_NOT_TRACK = 'true';
  const core: typeof import('@pact-foundation/pact-core') = require('@pact-foundation/pact-core');
  core.setLogLevel('error');
  return core;
}

function newPact(): ConsumerPact {
  return loadCore().makeConsumerPact('reroute', 'partner', v4, 'error');
}

export interface MockServer {
  url: string;
  /** Ends it; what was sent otherwise than the interaction says, or not at all. */
  end(): MatchingResult[];
}

/** A server that takes exactly the request of one interaction, and answers as it says. */
export function mockServer({ description, request, response }: HttpInteraction): MockServer {
  const pact = newPact();
  const interaction = pact.newInteraction(description);
  interaction.withRequest(request.method, request.path);
  for (const [name, values] of Object.entries(request.query ?? {}))
    for (const [index, value] of values.entries()) interaction.withQuery(name, index, value);
  for (const [name, values] of Object.entries(request.headers))
    for (const [index, value] of values.entries()) interaction.withRequestHeader(name, index, value);
  if (request.body !== undefined) interaction.withRequestBody(textIn(request.body), request.body.contentType);
  if (request.matchingRules !== undefined)
    interaction.withRequestMatchingRules(JSON.stringify(request.matchingRules));
  interaction.withStatus(response.status);
  for (const [name, values] of Object.entries(response.headers ?? {}))
    for (const [index, value] of values.entries()) interaction.withResponseHeader(name, index, value);
  if (response.body !== undefined)
    interaction.withResponseBody(textIn(response.body), response.body.contentType);
  const port = pact.createMockServer(host);
  return {
    url: `http://${host}:${port}`,
    end() {
      const mismatches = pact.mockServerMatchedSuccessfully(port) ? [] : pact.mockServerMismatches(port);
      pact.cleanupMockServer(port);
      return mismatches;
    },
  };
}

/** The message as a consumer gets it from the core. */
export function reified({ description, contents, metadata }: MessageInteraction): string {
  const message = newPact().newAsynchronousMessage(description);
  message.expectsToReceive(description);
  message.withMetadata('contentType', metadata.contentType);
  message.withContents(textIn(contents), contents.contentType);
  const { content } = (JSON.parse(message.reifyMessage()) as { contents: { content: unknown } }).contents;
  return typeof content === 'string' ? content : JSON.stringify(content);
}

export const textIn = ({ content }: { content: unknown }) =>
  typeof content === 'string' ? content : JSON.stringify(content);
