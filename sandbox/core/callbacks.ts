/** Webhooks from the stand-in systems to a runtime, signed, with a few redeliveries, to loopback addresses only. */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import type { Callback } from './http';

/** Only a runtime on this machine is called back: test traffic must not leave it. */
export function isLoopback(url: string): boolean {
  try {
    return ['127.0.0.1', 'localhost', '[::1]'].includes(new URL(url).hostname);
  } catch {
    return false;
  }
}

/** Body of `PUT /_admin/callbacks`: per partner id the address that takes its webhooks and the shared secret. */
export const callbackTargets = z.record(
  z.string().min(1),
  z.strictObject({
    url: z.string().refine(isLoopback, 'only a loopback address is called back'),
    secret: z.string().min(1),
  }),
);
export type CallbackTargets = z.infer<typeof callbackTargets>;

export interface Delivery {
  partner: string;
  eventId: string;
  type: string;
  attempts: number;
  /** Last HTTP status; 0 when nothing answered. */
  status: number;
  state: 'pending' | 'delivered' | 'given-up';
}

const waitsMs = [50, 200, 800, 3_200];
const keptDeliveries = 10_000;

/** The signature header of docs/partner-rest.md. */
export function signHub(secret: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;
}

export class Callbacks {
  private targets: CallbackTargets = {};
  private readonly log: Delivery[] = [];
  private readonly stop = new AbortController();
  private readonly running = new Set<Promise<void>>();

  configure(targets: CallbackTargets): void {
    this.targets = targets;
  }

  list(): { targets: Record<string, string>; deliveries: Delivery[] } {
    const urls = Object.fromEntries(
      Object.entries(this.targets).map(([partner, target]) => [partner, target.url]),
    );
    return { targets: urls, deliveries: this.log };
  }

  /** Sends `copies` equal deliveries one after the other; nothing happens for a partner that has no receiver. */
  send(callback: Callback, copies: number): void {
    const target = this.targets[callback.partner];
    if (!target) return;
    const task = this.deliver(callback, target, copies).finally(() => this.running.delete(task));
    this.running.add(task);
  }

  async close(): Promise<void> {
    this.stop.abort();
    await Promise.allSettled(this.running);
  }

  private async deliver(callback: Callback, target: CallbackTargets[string], copies: number): Promise<void> {
    const body = JSON.stringify(callback.event);
    for (let copy = 0; copy < copies; copy += 1) {
      const delivery: Delivery = {
        partner: callback.partner,
        eventId: String(callback.event.id ?? ''),
        type: String(callback.event.type ?? ''),
        attempts: 0,
        status: 0,
        state: 'pending',
      };
      this.log.push(delivery);
      if (this.log.length > keptDeliveries) this.log.shift();
      await this.attempt(delivery, target, body);
    }
  }

  private async attempt(delivery: Delivery, target: CallbackTargets[string], body: string): Promise<void> {
    const headers = {
      'content-type': 'application/json',
      'x-hub-signature-256': signHub(target.secret, body),
    };
    for (const wait of [0, ...waitsMs]) {
      if (!(await this.pause(wait))) break;
      delivery.attempts += 1;
      delivery.status = await fetch(target.url, {
        method: 'POST',
        headers,
        body,
        signal: this.stop.signal,
      }).then(
        async (response) => {
          await response.arrayBuffer();
          return response.status;
        },
        () => 0,
      );
      if (delivery.status >= 200 && delivery.status < 300) {
        delivery.state = 'delivered';
        return;
      }
    }
    delivery.state = 'given-up';
  }

  /** False when the sandbox closes meanwhile. */
  private pause(ms: number): Promise<boolean> {
    const { signal } = this.stop;
    if (ms === 0 || signal.aborted) return Promise.resolve(!signal.aborted);
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', cancel);
        resolve(true);
      }, ms);
      const cancel = () => {
        clearTimeout(timer);
        resolve(false);
      };
      signal.addEventListener('abort', cancel, { once: true });
    });
  }
}
