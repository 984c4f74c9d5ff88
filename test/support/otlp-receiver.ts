/** A small OTLP/HTTP collector: takes `POST /v1/traces` in JSON and keeps the spans. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';

const attribute = z.object({
  key: z.string(),
  value: z.object({
    stringValue: z.string().optional(),
    intValue: z.union([z.number(), z.string()]).optional(),
    boolValue: z.boolean().optional(),
  }),
});
const span = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().optional(),
  name: z.string(),
  kind: z.number(),
  startTimeUnixNano: z.string(),
  endTimeUnixNano: z.string(),
  attributes: z.array(attribute),
  status: z.object({ code: z.number(), message: z.string().optional() }),
});
const request = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attribute) }),
      scopeSpans: z.array(z.object({ spans: z.array(span) })),
    }),
  ),
});

type Span = z.infer<typeof span>;
export type ReceivedSpan = Omit<Span, 'attributes'> & { attributes: Record<string, unknown> };

export class OtlpReceiver {
  readonly spans: ReceivedSpan[] = [];
  readonly resource: Record<string, unknown> = {};
  private server: Server | undefined;

  /** What `OTEL_EXPORTER_OTLP_ENDPOINT` takes. */
  async open(): Promise<string> {
    const server = createServer(async (incoming, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      if (incoming.method !== 'POST' || incoming.url !== '/v1/traces') {
        response.writeHead(404).end();
        return;
      }
      this.take(request.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
    this.server = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  private take({ resourceSpans }: z.infer<typeof request>): void {
    for (const { resource, scopeSpans } of resourceSpans) {
      Object.assign(this.resource, plain(resource.attributes));
      for (const one of scopeSpans.flatMap(({ spans }) => spans))
        this.spans.push({ ...one, attributes: plain(one.attributes) });
    }
  }

  named(name: string): ReceivedSpan[] {
    return this.spans.filter((one) => one.name === name);
  }

  async close(): Promise<void> {
    this.server?.closeAllConnections();
    await new Promise((resolve) => (this.server ? this.server.close(resolve) : resolve(undefined)));
  }
}

function plain(attributes: Span['attributes']): Record<string, unknown> {
  return Object.fromEntries(
    attributes.map(({ key, value }) => [key, value.stringValue ?? value.boolValue ?? Number(value.intValue)]),
  );
}
