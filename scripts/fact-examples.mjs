// The golden examples of the fact schema, written for this project: one for every exception code and every kind of fact.
// Numbers and names are made up. `{ name: data }`; the frame is added by generate-schemas.mjs.
const time = (eventTime, more = {}) => ({
  eventTime,
  eventTimeZoneOffset: '+01:00',
  recordTime: '2026-03-02T11:00:05Z',
  timeClassifier: 'ACTUAL',
  timeConfidence: 'SOURCE_OFFSET',
  ...more,
});
const morning = time('2026-03-02T09:30:00+01:00');
const parcel = {
  trackingNumber: [{ carrier: 'examplepost', value: 'EX0001234567', shipDate: '2026-03-01' }],
};
const order = {
  orderNumber: [{ namespace: 'shop', value: '000471100' }],
  erpSalesOrderId: [{ namespace: 'erp', value: '0000004711' }],
};
const each = (value) => ({ value, uom: 'EA' });
const sourceCode = (status, more = {}) => ({
  system: 'examplepost',
  codeList: 'events',
  status,
  mappingVersion: '1',
  ...more,
});
const short = [{ lineId: '10', item: '04012345678901', expected: each('10'), actual: each('6') }];

const details = {
  INVENTORY_SHORT_PICK: { discrepancies: short },
  PARTIALLY_FULFILLED: { discrepancies: short },
  ASN_MISMATCH: { discrepancies: [{ lineId: '1', expected: each('100'), actual: each('102.5') }] },
  LABEL_GENERATION_FAILED: { errorCode: 'ADDRESS.INVALID', message: 'The postal code does not exist' },
  CARRIER_REJECTED: { errorCode: 'CAPACITY' },
  DELIVERY_ATTEMPT_FAILED: { attemptCount: 2 },
  TRANSIT_DELAYED: { delayMinutes: 1440 },
  FINAL_MILE_DELAYED: { delayMinutes: 180 },
  CUSTOMS_HOLD: { holdReason: 'Commercial invoice missing' },
  CARRIER_HOLD: { holdReason: 'Payment of duties is awaited' },
  COMPLIANCE_BLOCK: { holdReason: 'Screening hit' },
};

export function examplesFor(exceptionCodes) {
  const examples = {
    'milestone-delivered': {
      time: morning,
      identifiers: parcel,
      milestone: 'DELIVERED',
      sourceCode: sourceCode('DLV', { reason: 'FRONT_DOOR', text: 'Delivered at the front door' }),
      place: { city: 'Hamburg', postalCode: '20095', country: 'DE' },
      evidence: [{ kind: 'signature', sha256: 'a'.repeat(64), description: 'Signature of the recipient' }],
      raw: { sha256: 'b'.repeat(64), byteSize: 812, mediaType: 'application/json', ref: 'raw:example' },
    },
    'milestone-estimated': {
      time: time('2026-03-03T18:00:00+01:00', {
        timeClassifier: 'ESTIMATED',
        sourceRecordTime: '2026-03-02T10:59:00Z',
      }),
      identifiers: parcel,
      milestone: 'DELIVERED',
      context: { etaAt: '2026-03-03T18:00:00+01:00' },
    },
    'milestone-without-zone': {
      time: time('2026-03-02T09:30:00Z', { eventTimeZoneOffset: '+00:00', timeConfidence: 'ASSUMED_UTC' }),
      identifiers: {
        ...parcel,
        sscc: ['003456789012345675'],
        proNumber: [{ namespace: 'haulier', value: '0012345' }],
        bolNumber: [{ namespace: 'haulier', value: 'B77' }],
      },
      milestone: 'ARRIVED',
      bizStep: 'arriving',
      disposition: 'in_transit',
    },
    retraction: {
      time: morning,
      identifiers: parcel,
      retracts: { eventId: 'event-17', reason: 'Scanned by mistake', correctiveEventIds: ['event-18'] },
    },
    'order-changed': {
      time: morning,
      identifiers: {
        ...order,
        deliveryId: [{ namespace: 'erp', value: '0080001234' }],
        shipmentId: [{ namespace: 'tms', value: 'S-9' }],
        customerAccount: [{ namespace: 'erp', value: '0000100200' }],
      },
      milestone: 'ORDER_RELEASED',
      context: {
        customerPriority: 2,
        slaTier: 'PRIORITY',
        incoterm: 'DAP',
        namedPlace: 'Hamburg',
        orderValue: { amountMinor: '129900', currency: 'EUR' },
        promisedDeliveryAt: '2026-03-04T18:00:00+01:00',
        severity: 'S2',
        region: 'DE-HH',
        warehouse: 'HAM1',
      },
      lines: [{ lineId: '10', item: '04012345678901', ordered: each('10'), fulfilled: each('6') }],
    },
    'inventory-changed': {
      time: morning,
      identifiers: {
        inventoryLocation: [{ namespace: 'wms', value: 'A-01-02' }],
        asnId: [{ namespace: 'supplier', value: 'ASN5' }],
      },
      disposition: 'damaged',
    },
  };
  for (const code of exceptionCodes) {
    examples[`exception-${code.toLowerCase().replaceAll('_', '-')}`] = {
      time: morning,
      identifiers: { ...order, ...parcel },
      exception: { code, ...details[code] },
      sourceCode: sourceCode(`X-${code}`),
    };
  }
  return examples;
}

export function typeOf(name) {
  if (name === 'retraction') return 'org.reroute.shipment.retracted.v1';
  if (name === 'order-changed') return 'org.reroute.order.changed.v1';
  if (name === 'inventory-changed') return 'org.reroute.inventory.changed.v1';
  return `org.reroute.shipment.${name.split('-')[0]}.v1`;
}
