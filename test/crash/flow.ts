/** The flow under fire: a carrier event becomes a fact, and each one tells the TMS a new ETA. One tab, as an analyst would draw it. */

export const shipmentCount = 40;

export function crashFlow(tmsUrl: string): object[] {
  const partner = (id: string, pid: string, connector: string, endpoint: string, secrets: object) => ({
    id,
    type: 'reroute-partner',
    name: pid,
    partnerId: pid,
    connector,
    endpoint,
    secrets,
    ratePerSecond: 5000,
    concurrency: 64,
    inboundPerSecond: 100_000,
    mode: 'automate',
    region: 'US',
    settings: {},
  });
  return [
    { id: 'crash-tab', type: 'tab', label: 'crash', disabled: false, info: '' },
    partner('p-fedex', 'fedex', 'fedex', '', { inboundToken: 'env:CRASH_SECRET' }),
    partner('p-tms', 'tms', 'rest-tms', tmsUrl, {
      token: 'env:CRASH_SECRET',
      webhookSecret: 'env:CRASH_SECRET',
    }),
    {
      id: 'n-in',
      type: 'reroute-partner-in',
      z: 'crash-tab',
      name: '',
      partner: 'p-fedex',
      x: 100,
      y: 80,
      wires: [['n-normalize']],
    },
    {
      id: 'n-normalize',
      type: 'reroute-normalize',
      z: 'crash-tab',
      name: '',
      x: 260,
      y: 80,
      wires: [['n-record'], []],
    },
    {
      id: 'n-record',
      type: 'reroute-record',
      z: 'crash-tab',
      name: '',
      x: 420,
      y: 80,
      wires: [['n-switch']],
    },
    {
      id: 'n-switch',
      type: 'switch',
      z: 'crash-tab',
      name: 'is it late?',
      property: 'facts[0].data.exception.code',
      propertyType: 'msg',
      rules: [{ t: 'nnull' }],
      checkall: 'true',
      repair: false,
      outputs: 1,
      x: 580,
      y: 80,
      wires: [['n-tms']],
    },
    {
      id: 'n-tms',
      type: 'reroute-tms',
      z: 'crash-tab',
      name: 'eta',
      partner: 'p-tms',
      operation: 'updateEta',
      step: 'eta',
      pivot: false,
      input:
        '{ "shipmentId": facts[0].data.identifiers.trackingNumber[0].value, "etaAt": facts[0].data.time.eventTime, "asOf": facts[0].data.time.eventTime, "reason": facts[0].data.exception.code }',
      x: 740,
      y: 80,
      wires: [[], [], [], []],
    },
  ];
}
