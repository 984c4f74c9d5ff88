/** Prometheus metrics that are read from engine and ledger when they are asked for. */
import { Counter, collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Engine } from '../engine/engine';
import type { EngineLimits } from '../engine/limits';
import type { FetchStatus } from '../engine/polling/task';
import type { Ledger, LedgerWork } from '../ledger/port';

export function watchRuntime(
  registry: Registry,
  engine: Engine,
  ledger: Ledger,
  limits: Pick<EngineLimits, 'maxBacklog'>,
): () => void {
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
  new Gauge({
    name: 'reroute_backlog_limit',
    help: 'Live runs at which deliveries are refused',
    registers,
  }).set(limits.maxBacklog);
  watchPartners(registry, engine);
  watchLedger(registry, ledger);
  watchFetching(registry, engine);
  return () => registry.clear();
}

type Partner = ReturnType<Engine['partners']['all']>[number];

/** `kind` names what the system is: `erp`, `wms`, `carrier`, or several with spaces between. */
function watchPartners(registry: Registry, engine: Engine): void {
  const labels = ({ id, connector }: Partner) => ({ partner: id, kind: connector.manifest.kinds.join(' ') });
  const common = { labelNames: ['partner', 'kind'] as const, registers: [registry] };
  const gauge = (name: string, help: string, value: (partner: Partner) => number) =>
    new Gauge({
      ...{ name, help, ...common },
      collect() {
        this.reset();
        for (const partner of engine.partners.all()) this.set(labels(partner), value(partner));
      },
    });
  const counter = (name: string, help: string, value: (partner: Partner) => number) =>
    new Counter({
      ...{ name, help, ...common },
      collect() {
        this.reset();
        for (const partner of engine.partners.all()) this.inc(labels(partner), value(partner));
      },
    });
  gauge('reroute_partner_backlog', 'Live runs of the partner', ({ id }) => engine.intake.backlogOf(id));
  gauge('reroute_partner_breaker_open', '1 while no call is sent to the partner', ({ lane }) =>
    lane.breakerState === 'closed' ? 0 : 1,
  );
  gauge('reroute_partner_held', '1 while a person holds the partner', ({ lane }) =>
    lane.control?.held ? 1 : 0,
  );
  gauge(
    'reroute_partner_lane_waiting',
    'Calls that wait for the rate or a free place',
    ({ lane }) => lane.load.waiting,
  );
  gauge('reroute_partner_lane_active', 'Calls under way', ({ lane }) => lane.load.active);
  counter(
    'reroute_partner_calls_ok_total',
    'Calls that the partner answered since the start',
    ({ lane }) => lane.calls.ok,
  );
  counter(
    'reroute_partner_calls_failed_total',
    'Calls to the partner that failed since the start',
    ({ lane }) => lane.calls.failed,
  );
}

function watchLedger(registry: Registry, ledger: Ledger): void {
  const registers = [registry];
  const counter = (name: string, help: string, value: (work: LedgerWork) => number) =>
    new Counter({
      ...{ name, help, registers },
      collect() {
        this.reset();
        this.inc(value(ledger.work()));
      },
    });
  counter('reroute_ledger_commits_total', 'Commits of the ledger since the start', ({ commits }) => commits);
  counter('reroute_ledger_calls_total', 'Calls that these commits carried out', ({ calls }) => calls);
  counter(
    'reroute_ledger_commit_seconds_total',
    'What the commits took, syncs included',
    ({ busyMs }) => busyMs / 1000,
  );
  new Gauge({
    name: 'reroute_ledger_waiting_calls',
    help: 'Calls of the ledger that have no answer yet',
    registers,
    collect() {
      this.set(ledger.work().waiting);
    },
  });
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
  new Counter({
    name: 'reroute_fetch_new_total',
    help: 'Deliveries fetched since the start that were new',
    labelNames: ['partner', 'kind'],
    registers: [registry],
    collect() {
      this.reset();
      for (const { id: partner, fetch } of engine.partnerList())
        if (fetch) this.inc({ partner, kind: fetch.kind }, fetch.fetched);
    },
  });
  gauge(
    'reroute_fetch_failures',
    'Rounds that failed in a row; 0 when the last one went well',
    (fetch) => fetch.failures,
  );
}
