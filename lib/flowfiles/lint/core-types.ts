/** Nodes that come with Node-RED 5, and which of them begin a flow: what a check of files knows without a runtime. */
export const coreTypes: readonly string[] = [
  ...['batch', 'catch', 'change', 'comment', 'complete', 'csv', 'debug', 'delay', 'exec', 'file', 'file in'],
  ...[
    'function',
    'global-config',
    'html',
    'http in',
    'http proxy',
    'http request',
    'http response',
    'inject',
  ],
  ...['join', 'json', 'junction', 'link call', 'link in', 'link out', 'mqtt in', 'mqtt out', 'mqtt-broker'],
  ...['range', 'rbe', 'sort', 'split', 'status', 'switch', 'tcp in', 'tcp out', 'tcp request', 'template'],
  ...['tls-config', 'trigger', 'udp in', 'udp out', 'unknown', 'watch', 'websocket in', 'websocket out'],
  ...['websocket-client', 'websocket-listener', 'xml', 'yaml'],
];

/** They have no input: messages begin at them. */
const entryTypes = new Set([
  ...[
    'inject',
    'catch',
    'status',
    'complete',
    'http in',
    'mqtt in',
    'tcp in',
    'udp in',
    'websocket in',
    'watch',
  ],
  ...['reroute-partner-in', 'reroute-exception-in', 'reroute-alert-in', 'reroute-replay'],
]);
const known = new Set(coreTypes);

/** What comes from elsewhere may begin a flow for all that is known here. */
export function beginsFlow(type: string): boolean {
  if (entryTypes.has(type)) return true;
  return !known.has(type) && !type.startsWith('reroute-') && !type.startsWith('subflow:');
}
