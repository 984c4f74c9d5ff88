/** Prometheus metrics that are read from engine and ledger when they are asked for. */
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Engine } from '../engine/engine';
import type { FetchStatus } from '../engine/polling/task';
import type { Ledger } from '../ledger/port';

export function watchRuntime(registry: Registry, engine: Engine, ledger: Ledger): () => void {
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: 'reroute_runs_active',
    help: 'Runs in memory',
    registers,
    collect() {
      this.set(engine.activeRuns);
    },
  });
  new Gauge({
    name: 'reroute_runs',
    help: 'Runs by state',
    labelNames: ['state'],
    registers,
    async collect() {
      for (const [state, count] of Object.entries(await ledger.runCounts())) this.set({ state }, count);
    },
  });
  new Gauge({
    name: 'reroute_cases',
    help: 'Cases that are not ended',
    labelNames: ['state', 'code', 'severity'],
    registers,
    async collect() {
      this.reset();
      for (const { count, ...labels } of await ledger.caseCounts()) this.inc(labels, count);
    },
  });
  const perPartner = (
    name: string,
    help: string,
    value: (partner: ReturnType<Engine['partners']['all']>[number]) => number,
  ) =>
    new Gauge({
      name,
      help,
      labelNames: ['partner'],
      registers,
      collect() {
        this.reset();
        for (const partner of engine.partners.all()) this.set({ partner: partner.id }, value(partner));
      },
    });
  perPartner('reroute_partner_breaker_open', '1 while no call is sent to the partner', (partner) =>
    partner.lane.breakerState === 'closed' ? 0 : 1,
  );
  perPartner(
    'reroute_partner_calls_failed_total',
    'Calls to the partner that failed since the start',
    (partner) => partner.lane.calls.failed,
  );
  perPartner(
    'reroute_partner_calls_ok_total',
    'Calls to the partner that it answered since the start',
    (partner) => partner.lane.calls.ok,
  );
  perPartner('reroute_partner_backlog', 'Live runs of the partner', (partner) =>
    engine.intake.backlogOf(partner.id),
  );
  watchFetching(registry, engine);
  return () => registry.clear();
}

/** Of partners that something is fetched from. Times are seconds since the epoch, as Prometheus has them. */
function watchFetching(registry: Registry, engine: Engine): void {
  const gauge = (name: string, help: string, value: (fetch: FetchStatus) => number | undefined) =>
    new Gauge({
      name,
      help,
      labelNames: ['partner', 'kind'],
      registers: [registry],
      collect() {
        this.reset();
        for (const { id: partner, fetch } of engine.partnerList()) {
          const measured = fetch && value(fetch);
          if (fetch && measured !== undefined) this.set({ partner, kind: fetch.kind }, measured);
        }
      },
    });
  gauge('reroute_fetch_last_timestamp_seconds', 'When the partner was last asked', ({ lastAt }) =>
    lastAt === undefined ? undefined : lastAt / 1000,
  );
  gauge(
    'reroute_fetch_interval_seconds',
    'How often the partner is asked now',
    (fetch) => fetch.intervalMs / 1000,
  );
  gauge(
    'reroute_fetch_new_total',
    'Deliveries fetched since the start that were new',
    (fetch) => fetch.fetched,
  );
  gauge(
    'reroute_fetch_failures',
    'Rounds that failed in a row; 0 when the last one went well',
    (fetch) => fetch.failures,
  );
}
