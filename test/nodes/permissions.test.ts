import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import type { NodeAPI } from 'node-red';
import { mountAdmin } from '../../nodes/common/admin';
import { RecordingEngine } from './support/engine';

/** Node-RED as the admin routes see it, with a user who may only what `granted` says. */
function runtimeWith(granted: readonly string[]): { app: express.Express; RED: NodeAPI } {
  const app = express();
  const needsPermission =
    (permission: string): express.RequestHandler =>
    (_request, response, next) =>
      granted.includes(permission) ? next() : void response.status(401).end();
  const RED = {
    httpAdmin: app,
    auth: { needsPermission },
    settings: { reroute: { engine: new RecordingEngine() } },
    nodes: { getNode: () => null },
  };
  return { app, RED: RED as unknown as NodeAPI };
}

const routes = [
  ['GET', '/reroute/connectors'],
  ['GET', '/reroute/override-targets'],
  ['GET', '/reroute/operations'],
  ['GET', '/reroute/exception-codes'],
  ['POST', '/reroute/partner/check'],
  ['POST', '/reroute/policy/check'],
  ['POST', '/reroute/replay/run/n'],
] as const;

describe('The routes of the forms', () => {
  let server: Server | undefined;
  const serve = async (
    granted: readonly string[],
  ): Promise<(method: string, path: string) => Promise<number>> => {
    const { app, RED } = runtimeWith(granted);
    mountAdmin(RED);
    const listening = createServer(app);
    server = listening;
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const base = `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
    return async (method, path) => (await fetch(base + path, { method })).status;
  };
  afterEach((done) => {
    if (!server) return done();
    server.closeAllConnections();
    server.close(done);
    server = undefined;
  });

  it('answer nobody who may nothing', async () => {
    const ask = await serve([]);
    for (const [method, path] of routes) assert.equal(await ask(method, path), 401, path);
  });

  it('let a reader read and check, but not replay', async () => {
    const ask = await serve(['reroute.read']);
    assert.equal(await ask('GET', '/reroute/connectors'), 200);
    assert.equal(await ask('POST', '/reroute/replay/run/n'), 401);
  });

  it('are mounted once, however many nodes ask for them', async () => {
    const { app, RED } = runtimeWith([]);
    mountAdmin(RED);
    const before = app.router.stack.length;
    mountAdmin(RED);
    assert.deepEqual([before, app.router.stack.length], [routes.length, routes.length]);
  });
});
