/** Runs an operation's fixture and keeps what was really sent: a fixture names parts of a request, a pact holds all of it. */
import type { CallContext, Connector, Operation } from '../../../../lib/connectors/kit/connector';
import {
  HttpAmbiguousError,
  HttpNotSentError,
  type HttpPort,
  type HttpRequest,
  type HttpResponse,
} from '../../../../lib/connectors/kit/http';
import { Tokens } from '../../../../lib/engine/partners/tokens';
import { noFiles, noMail } from '../../../../lib/engine/partners/transports';
import { isRerouteError } from '../../../../lib/model/errors';
import { exchangeKey, type OperationFixture } from '../exchange';

export type HttpExchange = Extract<OperationFixture['exchanges'][number], { request: unknown }>;
export type Answer = NonNullable<HttpExchange['response']>;

export interface Sent {
  request: HttpRequest;
  /** Undefined where the fixture lets the answer get lost. */
  answer: Answer | undefined;
}

export const httpExchanges = ({ exchanges }: OperationFixture): HttpExchange[] =>
  exchanges.filter((one): one is HttpExchange => 'request' in one);

/** What the operation or look-up of a fixture makes of the answers that `http` brings; errors by their code. */
export async function perform(
  connector: Connector,
  fixture: OperationFixture,
  http: HttpPort,
): Promise<object> {
  const operation = connector.operations.find(({ id }) => id === fixture.operation);
  if (operation === undefined) throw new Error(`there is no operation ${fixture.operation}`);
  const call: CallContext = {
    http,
    files: noFiles,
    mail: noMail,
    tokens: new Tokens(() => 0),
    secrets: (name) => fixture.secrets[name] ?? [],
    settings: connector.manifest.settings.parse(fixture.settings),
    idempotencyKey: exchangeKey,
    correlationId: 'c0ffee00-0000-4000-8000-000000000000',
    now: Date.parse(fixture.now),
  };
  try {
    return await run(operation, fixture, call);
  } catch (error) {
    if (isRerouteError(error)) return { throws: error.code };
    throw error;
  }
}

function run(operation: Operation, fixture: OperationFixture, call: CallContext): Promise<object> {
  const input = operation.input.parse(fixture.input);
  if (fixture.call === 'send') return operation.send(input, call);
  if (operation.lookUp === undefined) throw new Error(`${operation.id} has no look-up`);
  return operation.lookUp(input, call);
}

/** The requests of a fixture as they leave, in their order, each with the answer it gets. */
export async function record(connector: Connector, fixture: OperationFixture): Promise<Sent[]> {
  const left = httpExchanges(fixture);
  const sent: Sent[] = [];
  await perform(connector, fixture, async (request) => {
    const next = left.shift();
    if (next === undefined)
      throw new Error(`${fixture.name}: nobody expects ${request.method} ${request.path}`);
    sent.push({ request, answer: next.response });
    return answered(next);
  });
  return sent;
}

/** Throws what the fixture lets happen instead of an answer. */
export function lost({ error, response }: HttpExchange): void {
  if (error === 'not-sent') throw new HttpNotSentError('the connection is refused');
  if (response === undefined) throw new HttpAmbiguousError('no answer comes');
}

function answered(exchange: HttpExchange): HttpResponse {
  lost(exchange);
  const { status = 500, headers = {} } = exchange.response ?? {};
  const text = textOf(exchange.response);
  const json = () => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return undefined;
    }
  };
  return { status, headers, body: Buffer.from(text), text: () => text, json };
}

export function textOf(answer: Answer | undefined): string {
  if (answer?.text !== undefined) return answer.text;
  return answer?.json === undefined ? '' : JSON.stringify(answer.json);
}
