/** The two requests of a browser that signs in at an OpenID provider: whatever fails is told on a page, never with details. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GatewayDeps, OidcPort } from '../deps';
import { problemOf } from '../errors';
import { sendProblem } from '../problems';

export async function handleOidc(
  deps: GatewayDeps,
  oidc: OidcPort,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  try {
    if (request.method !== 'GET')
      return sendProblem(response, 405, 'method-not-allowed', { headers: { allow: 'GET' } });
    await oidc.handle(request, response, path);
  } catch (error) {
    const problem = problemOf(error);
    if (problem.status >= 500)
      deps.log.error({ err: error, path }, 'a sign-in at the OpenID provider failed');
    if (!response.headersSent) sendProblem(response, problem.status, problem.code, problem.extras);
  }
}
