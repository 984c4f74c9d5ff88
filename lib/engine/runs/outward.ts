/** Core nodes that act on the outside world beside our effects: a preview stops in front of them, a flow test does not take them. */
const outwardTypes = new Set([
  'http request',
  'http response',
  'mqtt out',
  'tcp out',
  'tcp request',
  'udp out',
  'websocket out',
  'file',
  'exec',
  'e-mail',
]);

export function isOutward(nodeType: string): boolean {
  return outwardTypes.has(nodeType);
}
