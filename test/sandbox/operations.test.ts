/** The connectors' operations against the stand-ins: understood, and done once even when the answer is lost. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { Connector, Operation } from '../../lib/connectors/kit/connector';
import { connectorById } from '../../lib/connectors/kit/registry';
import { isRerouteError } from '../../lib/model/errors';
import { callOf, openHttpPort, operationOf, type TestPort } from '../support/http-port';
import { withSandbox } from './support';

const line = { lineId: '10', item: 'SKU-1001', quantity: { value: '5', uom: 'EA' } };
const eta = { etaAt: '2026-03-05T18:00:00+01:00', asOf: '2026-03-02T09:00:00+01:00' };
const order = { order: '4711', line: '10', schedule: '1' };

/** System, connector, operation, input. Every write of the connectors that the sandbox answers. */
const writes: readonly [system: string, connector: string, operation: string, input: object][] = [
  ['erp', 's4hana', 'setDeliveryBlock', { document: '4711', reason: '01' }],
  ['erp', 's4hana', 'setBillingBlock', { document: '4711', reason: '08' }],
  ['erp', 's4hana', 'setOutboundDeliveryBlock', { document: '8000004711', reason: '01' }],
  ['erp', 's4hana', 'changeLineQuantity', { order: '4711', line: '10', from: '10', to: '6' }],
  ['erp', 's4hana', 'rejectLine', { order: '4711', line: '10', reason: '50' }],
  [
    'erp',
    's4hana',
    'changeSchedule',
    {
      ...order,
      from: { quantity: '10', date: '2026-03-05' },
      to: { quantity: '6', date: '2026-03-09' },
    },
  ],
  ['erp', 's4hana', 'splitLine', { ...order, quantity: '10', keepQuantity: '6', laterDate: '2026-03-12' }],
  ['erp', 's4hana', 'postNote', { order: '4711', text: 'Split after a short pick', textType: 'TX01' }],
  [
    'erp',
    's4hana',
    'attachEvidence',
    { order: '4711', fileName: 'pod.pdf', mediaType: 'application/pdf', data: 'JVBERi0=' },
  ],
  ['wms', 'epcis', 'reserveStock', { orderNumber: '4711', lines: [line] }],
  ['wms', 'epcis', 'releaseToWarehouse', { reference: '8000004711-2', orderNumber: '4711', lines: [line] }],
  ['tms', 'rest-tms', 'book', { orderNumber: '4711', carrier: 'ups' }],
  ['tms', 'rest-tms', 'cancel', { bookingId: 'BK-4711' }],
  ['tms', 'rest-tms', 'rebook', { bookingId: 'BK-4711', carrier: 'fedex' }],
  ['tms', 'rest-tms', 'updateEta', { shipmentId: 'SHP-4711', ...eta }],
  ['storefront', 'rest-storefront', 'updateEta', { orderNumber: '4711', ...eta }],
  [
    'storefront',
    'rest-storefront',
    'notifyCustomer',
    { orderNumber: '4711', template: 'order-split', fields: {} },
  ],
  [
    'desk',
    'rest-desk',
    'openCase',
    { externalKey: 'case-1', subject: 'Short pick', description: 'd', priority: 'HIGH' },
  ],
  ['desk', 'rest-desk', 'syncEta', { orderNumber: '4711', ...eta }],
];
const reads: readonly [system: string, connector: string, operation: string, input: object][] = [
  ['erp', 's4hana', 'readOrder', { order: '4711' }],
  ['erp', 's4hana', 'readDelivery', { delivery: '8000004711' }],
  ['wms', 'epcis', 'readStock', { item: 'SKU-1001' }],
  ['tms', 'rest-tms', 'getBooking', { bookingId: 'BK-4711' }],
  ['storefront', 'rest-storefront', 'readOrder', { orderNumber: '4711' }],
];

describe('Connector operations against the stand-ins', () => {
  const client = withSandbox();
  let port: TestPort | undefined;

  beforeEach(async () => {
    const only = { lineId: '10', item: 'SKU-1001', quantity: '10', uom: 'EA', unitPriceMinor: 100 };
    await client().put('/_admin/orders/4711', { lines: [only], promisedDeliveryAt: '2026-03-05T17:00:00Z' });
    await client().put('/_admin/stock/SKU-1001', { 'DC-HAM': '40' });
  });
  afterEach(() => port?.close());

  /** What the engine would do: one try, and after an unknown outcome the look-up, or the same key again. */
  async function perform(connector: Connector, operation: Operation, system: string, input: object) {
    port = openHttpPort(`${client().url}/${system}`, 2_000);
    const settings = connector.manifest.settings.parse({});
    const key = createHash('sha256').update(`${system}/${operation.id}`).digest('hex');
    const call = callOf(port.http, { settings, key });
    const wanted = operation.input.parse(input);
    const send = () =>
      operation.send(wanted, call).catch((error: unknown) => {
        if (isRerouteError(error) && error.fate === 'ask-person')
          return { outcome: 'unknown' as const, message: error.message };
        throw error;
      });
    return { send, lookUp: () => operation.lookUp?.(wanted, call) };
  }

  for (const [system, id, name, input] of [...reads, ...writes])
    it(`${id}.${name} is understood`, async () => {
      const connector = connectorById(id);
      const { send } = await perform(connector, operationOf(connector.operations, name), system, input);
      const result = await send();
      assert.equal(result.outcome, 'ok', JSON.stringify(result));
    });

  for (const [system, id, name, input] of writes)
    it(`${id}.${name} happens once when the answer is lost`, async () => {
      const connector = connectorById(id);
      const operation = operationOf(connector.operations, name);
      const { send, lookUp } = await perform(connector, operation, system, input);
      // The write itself loses its answer: reads and token calls of the operation carry no If-Match, key or body.
      const verbs = { erp: ['patch', 'create'] }[system];
      const lost = verbs
        ? [
            'A_SalesOrder',
            'A_SalesOrderItem',
            'A_SalesOrderScheduleLine',
            'A_SalesOrderText',
            'A_OutbDeliveryHeader',
            'AttachmentContentSet',
          ].flatMap((set) =>
            verbs.map((verb) => ({ system, operation: `${set}.${verb}`, kind: 'resetAfterWork', count: 1 })),
          )
        : ['reserve', 'release', 'book', 'cancel', 'rebook', 'putEta', 'notify', 'createTicket'].map(
            (verb) => ({
              system,
              operation: verb,
              kind: 'resetAfterWork',
              count: 1,
            }),
          );
      await client().put('/_admin/faults', lost);
      let result = await send();
      assert.equal(result.outcome, 'unknown', JSON.stringify(result));
      // A change in two steps may lose two answers.
      for (let round = 0; round < 3 && result.outcome !== 'ok'; round += 1) {
        const found = await lookUp();
        result = found?.found
          ? { outcome: 'ok', output: found.output, confirmed: found.confirmed }
          : await send();
      }
      assert.equal(result.outcome, 'ok', JSON.stringify(result));
      const { duplicates, repeats, effects } = await client().summary();
      assert.deepEqual([duplicates, repeats], [[], []]);
      assert.ok(effects >= 1);
    });
});
