/** One runtime for all tests of the console, with cases of several kinds, dead letters of both kinds and a user for each role. */
import assert from 'node:assert/strict';
import { sandboxSecrets } from '../../../sandbox/environment';
import { signatureHeaders } from '../../../sandbox/traffic';
import { Scene } from '../../runtime/scene';
import { anyShipment, send, sendShortPick, shipWhole, stockElsewhere } from '../../runtime/traffic';

export interface World {
  scene: Scene;
  /** Order of a short pick that was remediated by itself. */
  order: string;
  /** Case of that order. */
  caseId: string;
  /** A payload that fits no schema. */
  letterId: string;
}

export const password = 'a long enough pass phrase';

export async function startWorld(): Promise<World> {
  const scene = await Scene.start('console');
  const shipment = shipWhole(11);
  await stockElsewhere(scene, shipment, '5000');
  await sendShortPick(scene, shipment, '1');
  for (const seed of [21, 22, 23]) await send(scene, 'booking-rejected', anyShipment(seed));
  for (const seed of [31, 32]) await send(scene, 'pickup-missed', anyShipment(seed));
  await sendUnreadable(scene);
  const order = shipment.order.orderNumber;
  await scene.until(async () => {
    const cases = await scene.cases();
    const mine = cases.find(({ identifiers }) =>
      identifiers.orderNumber?.some(({ value }) => value === order),
    );
    return cases.length >= 6 && mine !== undefined && ['VERIFIED', 'MANUAL'].includes(mine.state);
  }, 'the cases');
  await scene.drained();
  const mine = (await scene.cases()).find(({ identifiers }) =>
    identifiers.orderNumber?.some(({ value }) => value === order),
  );
  assert.ok(mine);
  const letters = await scene.get<{
    items: { id: string; kind: string; partner?: string; runId?: string }[];
  }>('/api/v1/dead-letters?partner=tms&limit=50');
  const letter = letters.items[0];
  assert.ok(letter, 'the unreadable payload is a dead letter');
  for (const role of ['viewer', 'operator', 'supervisor', 'analyst', 'admin'])
    await scene.post('/api/v1/users', { name: `the-${role}`, role, password, reason: 'for the tests' });
  await scene.post('/api/v1/users', {
    name: 'the-limited',
    role: 'supervisor',
    scope: { partners: ['tms'] },
    password,
    reason: 'for the tests',
  });
  return { scene, order, caseId: mine.id, letterId: letter.id };
}

/** Signed as it should be, but of no shape that the partner sends. */
async function sendUnreadable(scene: Scene): Promise<void> {
  const body = JSON.stringify({
    events: [{ type: 'booking.delayed', bookingId: 7, note: '<img src=x onerror=alert(1)>' }],
  });
  const answer = await fetch(`${scene.url}/in/tms`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...signatureHeaders('tms', sandboxSecrets.tms, body) },
    body,
  });
  assert.equal(answer.status, 202, await answer.text());
}
