/** Dispatch within one process: it takes every partition and keeps it. */
import type { Lease, Ledger } from '../../ledger/port';
import type { Dispatch, DispatchListener } from '../port';

export interface LocalDispatchOptions {
  ledger: Ledger;
  /** Names this process in leases. */
  owner: string;
  leaseMs: number;
  now: () => number;
}

export class LocalDispatch implements Dispatch {
  private leases: Lease[] = [];
  private listener: DispatchListener | undefined;
  private renewal: NodeJS.Timeout | undefined;

  constructor(private readonly options: LocalDispatchOptions) {}

  /** Takes all partitions at once: a local ledger has one runtime, and the one before it is dead or fenced off by this. */
  async start(listener: DispatchListener): Promise<void> {
    const { ledger, owner, leaseMs, now } = this.options;
    this.listener = listener;
    const partitions = Array.from({ length: ledger.partitions }, (_, partition) => partition);
    this.leases = await ledger.acquire({ owner, partitions, now: now(), leaseMs, force: true });
    listener.gained(this.leases);
    this.renewal = setInterval(() => void this.renew(), leaseMs / 3);
    this.renewal.unref();
  }

  private async renew(): Promise<void> {
    const { ledger, owner, leaseMs, now } = this.options;
    try {
      const held = new Set(await ledger.renew({ owner, leases: this.leases, now: now(), leaseMs }));
      const lost = this.leases.filter((lease) => !held.has(lease.partition)).map((lease) => lease.partition);
      if (lost.length === 0) return;
      this.leases = this.leases.filter((lease) => held.has(lease.partition));
      this.listener?.lost(lost);
    } catch {
      // A ledger that cannot commit now is reported by readiness; the lease is renewed at the next turn or lost by its token.
    }
  }

  notify(partition: number): void {
    this.listener?.wake(partition);
  }

  async stop(): Promise<void> {
    clearInterval(this.renewal);
    this.listener = undefined;
    await this.options.ledger.release({ owner: this.options.owner, leases: this.leases });
    this.leases = [];
  }
}
