/** `/_admin` and `/_book`: what tests and demonstrations set, and what they read. Not part of any vendor's interface. */
import { z } from 'zod';
import type { Book } from './core/book';
import { type Callbacks, callbackTargets } from './core/callbacks';
import { type Faults, faultPlan } from './core/faults';
import { type Answer, type Call, refuse, type System, systemOf } from './core/http';
import { orderOverride } from './core/masterdata';
import type { World } from './core/world';
import type { Systems } from './systems';
import { trackerOverride } from './systems/carrier/trackers';
import { param, read } from './systems/shapes';
import { bookingEvent, carrierPolicy } from './systems/tms-shapes';
import { releaseStates } from './systems/wms';

export interface AdminParts {
  world: World;
  systems: Systems;
  book: Book;
  faults: Faults;
  callbacks: Callbacks;
}

const names = z.array(z.string());
const unknownBody = z.strictObject({
  orders: names.optional(),
  items: names.optional(),
  shipments: names.optional(),
});
const stockBody = z.record(z.string(), z.string().regex(/^\d+(\.\d+)?$/));
const ticketBody = z.strictObject({ state: z.enum(['OPEN', 'PENDING', 'RESOLVED', 'CLOSED']) });
const releaseBody = z.strictObject({ state: z.enum(releaseStates) });
const eventBody = z.strictObject({
  partner: z.string().min(1),
  event: z.record(z.string(), z.unknown()),
  copies: z.int().min(1).max(10).default(1),
});

const ok = (body: unknown): Answer => ({ status: 200, body });

export function bookSystem({ book }: AdminParts): System {
  return systemOf('_book', false, [
    {
      method: 'GET',
      pattern: '',
      operation: 'list',
      handle: (call) =>
        ok(book.list(Number(call.query.get('since') ?? 0) || 0, call.query.get('system') ?? undefined)),
    },
    { method: 'GET', pattern: '/summary', operation: 'summary', handle: () => ok(book.summary()) },
    {
      method: 'DELETE',
      pattern: '',
      operation: 'clear',
      handle: () => {
        book.clear();
        return { status: 204 };
      },
    },
  ]);
}

export function adminSystem(parts: AdminParts): System {
  const routes = [...settingRoutes(parts), ...stateRoutes(parts)];
  return systemOf(
    '_admin',
    false,
    routes.map(([method, pattern, handle]) => ({ method, pattern, operation: pattern, handle })),
  );
}

type AdminRoute = [method: string, pattern: string, handle: (call: Call) => Answer];

function settingRoutes({ faults, callbacks, world }: AdminParts): AdminRoute[] {
  return [
    ['GET', '/faults', () => ok({ items: faults.list() })],
    [
      'PUT',
      '/faults',
      (call) => {
        const plan = read(faultPlan, call);
        faults.set(plan.faults, plan.seed);
        return ok({ items: faults.list() });
      },
    ],
    ['GET', '/callbacks', () => ok(callbacks.list())],
    [
      'PUT',
      '/callbacks',
      (call) => {
        callbacks.configure(read(callbackTargets, call));
        return ok(callbacks.list());
      },
    ],
    [
      'POST',
      '/callbacks/send',
      (call) => {
        const { partner, event, copies } = read(eventBody, call);
        callbacks.send({ partner, event }, copies);
        return { status: 202, body: { partner, event } };
      },
    ],
    [
      'PUT',
      '/unknown',
      (call) => {
        const { orders = [], items = [], shipments = [] } = read(unknownBody, call);
        world.declareUnknown({ orders, items, shipments });
        return ok({ orders, items, shipments });
      },
    ],
  ];
}

function stateRoutes({ world, systems, callbacks }: AdminParts): AdminRoute[] {
  const { wms, tms, desk, carrier, erp } = systems;
  return [
    [
      'GET',
      '/orders/:n',
      (call) => ok(world.order(param(call, 'n')) ?? refuse(404, 'ORDER_UNKNOWN', 'declared unknown')),
    ],
    [
      'PUT',
      '/orders/:n',
      (call) => ok(world.overrideOrder(param(call, 'n'), read(orderOverride, call) as object)),
    ],
    [
      'PUT',
      '/stock/:item',
      (call) =>
        ok({
          item: param(call, 'item'),
          locations: wms.setStock(param(call, 'item'), read(stockBody, call)),
        }),
    ],
    [
      'PUT',
      '/releases/:reference',
      (call) => ok(wms.setRelease(param(call, 'reference'), read(releaseBody, call).state)),
    ],
    ['PUT', '/tickets/:id', (call) => ok(desk.setState(param(call, 'id'), read(ticketBody, call).state))],
    [
      'PUT',
      '/trackers/:code',
      (call) => ok(carrier.setTracker(param(call, 'code'), read(trackerOverride, call), call.now)),
    ],
    [
      'PUT',
      '/tms/carriers/:carrier',
      (call) => {
        const policy = read(carrierPolicy, call);
        tms.setPolicy(param(call, 'carrier'), policy);
        return ok(policy);
      },
    ],
    [
      'POST',
      '/tms/bookings/:id/events',
      (call) => {
        const callback = tms.report(param(call, 'id'), read(bookingEvent, call), call.now);
        callbacks.send(callback, 1);
        return { status: 202, body: callback.event };
      },
    ],
    [
      'POST',
      '/erp/expire-sessions',
      () => {
        erp.expireSessions();
        return { status: 204 };
      },
    ],
  ];
}
