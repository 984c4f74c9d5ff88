import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { searchableKey } from '../../lib/connectors/kit/desk';
import {
  HttpAmbiguousError,
  HttpNotSentError,
  type HttpPort,
  type HttpRequest,
} from '../../lib/connectors/kit/http';
import { connector as slack } from '../../lib/connectors/slack';
import { connector as teams } from '../../lib/connectors/teams';
import { connector as zendesk } from '../../lib/connectors/zendesk';
import { callOf, operationOf } from '../support/http-port';

const now = Date.parse('2026-03-02T08:00:00Z');
const body = Buffer.from('{"id":"1"}');

describe('deliveries of Zendesk', () => {
  const signed = (timestamp: string, key = 'current', signedBody: Uint8Array = body) => ({
    headers: {
      'x-zendesk-webhook-signature-timestamp': timestamp,
      'x-zendesk-webhook-signature': createHmac('sha256', key)
        .update(timestamp)
        .update(signedBody)
        .digest('base64'),
    },
    body,
  });
  const isLetIn = (request: Parameters<NonNullable<typeof zendesk.inbound>['verify']>[0]) => {
    assert.ok(zendesk.inbound);
    return zendesk.inbound.verify(request, () => ['current', 'before'], now).ok;
  };

  it('are let in under the current secret and the one before it', () => {
    assert.ok(isLetIn(signed('2026-03-02T07:59:30Z')));
    assert.ok(isLetIn(signed('2026-03-02T07:59:30Z', 'before')));
    assert.ok(!isLetIn(signed('2026-03-02T07:59:30Z', 'another')));
  });

  it('are refused when body or timestamp were changed', () => {
    assert.ok(!isLetIn(signed('2026-03-02T07:59:30Z', 'current', Buffer.from('{"id":"2"}'))));
    const request = signed('2026-03-02T07:50:00Z');
    const moved = { ...request.headers, 'x-zendesk-webhook-signature-timestamp': '2026-03-02T07:59:30Z' };
    assert.ok(!isLetIn({ ...request, headers: moved }));
  });

  it('are refused more than five minutes before or after they were signed', () => {
    assert.ok(!isLetIn(signed('2026-03-02T07:54:59Z')));
    assert.ok(!isLetIn(signed('2026-03-02T08:05:01Z')));
    assert.ok(!isLetIn(signed('yesterday')));
  });
});

describe('our key in a desk', () => {
  it('stays as it is where the desk can hold it, and is the same hash every time where it cannot', () => {
    const fits = /^[\w-]{1,20}$/;
    assert.equal(searchableKey('case-1', fits), 'case-1');
    const hashed = searchableKey('a case with blanks', fits);
    assert.match(hashed, /^reroute-[0-9a-f]{40}$/);
    assert.equal(searchableKey('a case with blanks', fits), hashed);
    assert.notEqual(searchableKey('another case with blanks', fits), hashed);
  });
});

describe('a webhook whose address is its credential', () => {
  const secret = '/services/T0/B0/very-secret';
  const lostAs =
    (make: (path: string) => Error): HttpPort =>
    async ({ path }) => {
      throw make(`POST ${path}: connection lost`);
    };

  for (const connector of [slack, teams]) {
    it(`is told in no error of ${connector.manifest.id}, and the fate of the message stays`, async () => {
      const notify = operationOf(connector.operations, 'notify');
      const input = notify.input.parse({ subject: 'Short pick', text: 'Three are missing.' });
      for (const kind of [HttpNotSentError, HttpAmbiguousError]) {
        const call = callOf(
          lostAs((path) => new kind(path)),
          { secrets: { webhookPath: [secret] } },
        );
        await assert.rejects(notify.send(input, call), (error) => {
          assert.ok(error instanceof kind);
          assert.ok(!`${error.message} ${error.cause}`.includes('very-secret'));
          return true;
        });
      }
    });
  }
});

describe('a notice of any words', () => {
  const words = (maxLength: number) => fc.string({ unit: 'binary', minLength: 1, maxLength });
  const notices = fc.record({
    subject: words(100),
    text: words(5000),
    fields: fc.dictionary(words(50), words(500), { maxKeys: 20 }),
  });

  async function sentBy(connector: typeof slack, notice: unknown): Promise<string> {
    const notify = operationOf(connector.operations, 'notify');
    let sent: HttpRequest | undefined;
    const http: HttpPort = async (request) => {
      sent = request;
      const text = () => 'ok';
      return { status: 200, headers: {}, body: Buffer.from('ok'), text, json: () => undefined };
    };
    await notify.send(notify.input.parse(notice), callOf(http, { secrets: { webhookPath: ['/x'] } }));
    return JSON.stringify(sent?.json);
  }

  it('is a card of less than 28 KB in Teams', async () => {
    await fc.assert(
      fc.asyncProperty(notices, async (notice) => {
        assert.ok(Buffer.byteLength(await sentBy(teams, notice)) < 28 * 1024);
      }),
      { numRuns: 60 },
    );
  });

  it('is no markup of its own in Slack, and no block longer than Slack takes', async () => {
    await fc.assert(
      fc.asyncProperty(notices, async (notice) => {
        const { blocks } = JSON.parse(await sentBy(slack, notice));
        for (const block of blocks)
          for (const { text } of [block.text, ...(block.fields ?? [])].filter(Boolean)) {
            assert.ok(text.length <= 3000);
            assert.match(text, /^([^<>&]|&(amp|lt|gt);)*$/);
          }
      }),
      { numRuns: 60 },
    );
  });
});
