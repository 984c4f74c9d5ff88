/** Dispatch over a ledger in memory: nobody else is there, and leases do not run out while the clock is moved. */
import type { Dispatch, DispatchListener } from '../dispatch/port';
import type { Ledger } from '../ledger/port';

export class MemoryDispatch implements Dispatch {
  private listener: DispatchListener | undefined;

  constructor(private readonly ledger: Ledger) {}

  async start(listener: DispatchListener): Promise<void> {
    this.listener = listener;
    await this.renew();
  }

  /** Takes every partition anew, as after the ledger was emptied. */
  async renew(): Promise<void> {
    const partitions = this.partitions();
    this.listener?.lost(partitions);
    const request = { owner: 'memory', partitions, now: 0, leaseMs: Number.MAX_SAFE_INTEGER, force: true };
    this.listener?.gained(await this.ledger.acquire(request));
  }

  notify(partition: number): void {
    this.listener?.wake(partition);
  }

  notifyAll(): void {
    for (const partition of this.partitions()) this.notify(partition);
  }

  private partitions(): number[] {
    return Array.from({ length: this.ledger.partitions }, (_, partition) => partition);
  }

  async stop(): Promise<void> {
    this.listener = undefined;
  }
}
