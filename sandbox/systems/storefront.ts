/** Storefront stand-in: docs/partner-rest.md, "Storefront". */
import { z } from 'zod';
import { type Call, type Outcome, refuse, type System, systemOf } from '../core/http';
import { type Order, orderValueMinor } from '../core/masterdata';
import type { World } from '../core/world';
import { EtaBoard, param, read } from './shapes';

const noticeBody = z.object({
  template: z.string().min(1),
  locale: z.string().optional(),
  fields: z.record(z.string(), z.string()).default({}),
});
type Notice = { id: string; orderNumber: string; template: string; state: 'QUEUED' | 'SENT' | 'SUPPRESSED' };

/** Template names look like this; anything else is a typing mistake and unknown. */
const templateName = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;

export class Storefront {
  readonly system: System;
  private readonly world: World;
  private readonly etas = new EtaBoard('orderNumber');
  private readonly notices = new Map<string, Notice[]>();
  private noticeCount = 0;

  constructor(world: World) {
    this.world = world;
    this.system = systemOf('storefront', true, [
      {
        method: 'GET',
        pattern: '/orders/:orderNumber',
        operation: 'getOrder',
        handle: (call) => this.getOrder(call),
      },
      {
        method: 'PUT',
        pattern: '/orders/:orderNumber/eta',
        operation: 'putEta',
        handle: (call) => this.putEta(call),
      },
      {
        method: 'GET',
        pattern: '/orders/:orderNumber/eta',
        operation: 'getEta',
        handle: (call) => this.etas.get(this.order(call).orderNumber),
      },
      {
        method: 'POST',
        pattern: '/orders/:orderNumber/notices',
        operation: 'notify',
        keyed: true,
        handle: (call) => this.notify(call),
      },
      {
        method: 'GET',
        pattern: '/orders/:orderNumber/notices',
        operation: 'listNotices',
        handle: (call) => ({
          status: 200,
          body: { items: this.notices.get(this.order(call).orderNumber) ?? [] },
        }),
      },
    ]);
  }

  private order(call: Call): Order {
    const number = param(call, 'orderNumber');
    return this.world.order(number) ?? refuse(404, 'ORDER_UNKNOWN', `no order ${number}`);
  }

  private getOrder(call: Call): Outcome {
    const order = this.order(call);
    const { etaAt, asOf } = this.etas.stored(order.orderNumber);
    const {
      orderNumber,
      status,
      customerAccount,
      customerPriority,
      slaTier,
      promisedDeliveryAt,
      allowsPartial,
      shipComplete,
    } = order;
    const head = {
      orderNumber,
      status,
      customerAccount,
      customerPriority,
      slaTier,
      promisedDeliveryAt,
      etaAt,
      etaAsOf: asOf,
    };
    const orderValue = { amountMinor: String(orderValueMinor(order)), currency: order.currency };
    const lines = order.lines.map(({ lineId, item, quantity, uom }) => ({
      lineId,
      item,
      ordered: { value: quantity, uom },
      fulfilled: { value: status === 'FULFILLED' ? quantity : '0', uom },
    }));
    return { status: 200, body: { ...head, allowsPartial, shipComplete, orderValue, lines } };
  }

  private putEta(call: Call): Outcome {
    const order = this.order(call);
    if (order.status !== 'OPEN') refuse(409, 'ORDER_CLOSED', `order ${order.orderNumber} is ${order.status}`);
    return this.etas.put(order.orderNumber, `orders/${order.orderNumber}/eta`, call);
  }

  private notify(call: Call): Outcome {
    const { orderNumber, noNotices } = this.order(call);
    const { template } = read(noticeBody, call);
    if (!templateName.test(template)) refuse(422, 'TEMPLATE_UNKNOWN', `no template ${template}`);
    const notice: Notice = {
      id: `NTC-${this.noticeCount + 1}`,
      orderNumber,
      template,
      state: noNotices ? 'SUPPRESSED' : 'SENT',
    };
    const commit = () => {
      this.noticeCount += 1;
      this.notices.set(orderNumber, [...(this.notices.get(orderNumber) ?? []), notice]);
    };
    const body = noNotices ? notice : { ...notice, state: 'QUEUED' };
    return { status: 201, body, work: { target: `orders/${orderNumber}/notices/${template}`, commit } };
  }
}
