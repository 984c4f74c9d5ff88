/** The lane of a partner that answers within this process: no rate, no queue and no circuit, but the hold is a hold. */
import type { OperationResult } from '../../connectors/kit/connector';
import type { PartnerControl } from '../../ledger/operators';
import { type PartnerLane, refuseWhenHeld } from './lane';

export class FreeLane implements PartnerLane {
  readonly calls = { ok: 0, failed: 0 };
  readonly breakerState = 'closed';
  readonly load = { waiting: 0, active: 0 };
  control: PartnerControl | undefined;

  constructor(private readonly partner: string) {}

  async call<O>(send: () => Promise<OperationResult<O>>): Promise<OperationResult<O>> {
    refuseWhenHeld(this.partner, this.control);
    const result = await send();
    if (result.outcome === 'ok' || result.outcome === 'business') this.calls.ok += 1;
    else this.calls.failed += 1;
    return result;
  }

  async ask<T>(question: () => Promise<T>): Promise<T> {
    refuseWhenHeld(this.partner, this.control);
    return question();
  }

  async idle(): Promise<void> {}

  close(): void {}
}
