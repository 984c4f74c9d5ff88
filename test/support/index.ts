/**
 * Helpers for tests that touch the outside: folders, ports, processes and real servers.
 *
 * ```ts
 * before(async function () {
 *   redis = need(this, 'redis-server', await startRedis());
 * });
 * after(() => redis?.stop());
 * ```
 * Everything started here is bound to 127.0.0.1 on a free port and keeps its data in a temporary folder.
 */
export { findChromium, onPath } from './binaries';
export { startMosquitto } from './mosquitto';
export { need } from './need';
export { freePort } from './ports';
export { type PostgresServer, startPostgres } from './postgres';
export { type Running, type StartOptions, startProcess } from './process';
export { type PackageManifest, packageManifest, readProject, root } from './project';
export { startRedis } from './redis';
export { type Server, withFreePort } from './server';
export { tempDir } from './temp';
export { startTryton, trytonDatabase, trytonPassword } from './tryton';
export { waitUntil } from './wait';
