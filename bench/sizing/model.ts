/**
 * Reroute as a network of queues: intake, the ledger's commits, workers that run flows, partners' lanes. First on paper (how busy is each
 * part, what must there be), then as a simulation (how long does what wait).
 */
import {
  exponential,
  GroupCommit,
  LaneQueue,
  Pool,
  quantile,
  Simulation,
  type Station,
  seeded,
} from './simulation';

/** Processor seconds an event. */
export interface Costs {
  accept: number;
  run: number;
  /** Of the ledger's writer, for all commits of one event. */
  ledger: number;
}

export interface Demand {
  eventsPerSecond: number;
  /** Share of events that open a case and run its flow. */
  caseShare: number;
  /** Calls of the ERP that a case makes. */
  erpCalls: number;
  erpRate: number;
  erpConcurrency: number;
  /** Seconds until the ERP answers. */
  erpLatency: number;
}

export interface Plan {
  ingress: number;
  workers: number;
}

export const partNames = ['intake', 'ledger', 'workers', 'erp lane'] as const;
export type PartName = (typeof partNames)[number];

/** Seconds of a sync, and the most calls of one group. A sync is shared by the group, so under load it hardly counts. */
export const commit = { sync: 0.001, most: 1_000 };

/** Busy share of each part, 1 and more when it does not keep up. */
export function utilisation(demand: Demand, costs: Costs, plan: Plan): Record<PartName, number> {
  const { eventsPerSecond, caseShare, erpCalls, erpRate, erpConcurrency, erpLatency } = demand;
  const calls = eventsPerSecond * caseShare * erpCalls;
  return {
    intake: (eventsPerSecond * costs.accept) / plan.ingress,
    ledger: eventsPerSecond * costs.ledger,
    workers: (eventsPerSecond * (1 + caseShare) * costs.run) / plan.workers,
    'erp lane': calls / Math.min(erpRate, erpConcurrency / erpLatency),
  };
}

/** The fewest processes that are no busier than that. */
export function planFor(demand: Demand, costs: Costs, mostBusy: number): Plan {
  const alone = utilisation(demand, costs, { ingress: 1, workers: 1 });
  return {
    ingress: Math.max(1, Math.ceil(alone.intake / mostBusy)),
    workers: Math.max(1, Math.ceil(alone.workers / mostBusy)),
  };
}

export function firstToSaturate(busy: Record<PartName, number>): PartName {
  return partNames.reduce((worst, part) => (busy[part] > busy[worst] ? part : worst));
}

/** Seconds until a backlog is gone after a burst, from what is left over of the capacity. */
export function drainForecast(backlog: number, capacity: number, load: number): number {
  return load >= capacity ? Number.POSITIVE_INFINITY : backlog / (capacity - load);
}

export interface Simulated {
  busy: Record<PartName, number>;
  waitP99: Record<PartName, number>;
  /** Most events that waited for a worker. */
  backlog: number;
  /** From the end of the burst until what had waited for a worker was gone; 0 without a burst. */
  drainSeconds: number;
  /** Events that waited for a worker as the burst ended. */
  backlogAtBurstEnd: number;
  events: number;
}

export interface Course {
  seconds: number;
  /** So many times the rate from the start, for so long. */
  burst?: { factor: number; seconds: number };
  seed: number;
}

/** Arrivals are Poisson; processor times vary exponentially, the harder case. */
export function simulate(demand: Demand, costs: Costs, plan: Plan, course: Course): Simulated {
  const random = seeded(course.seed);
  const simulation = new Simulation();
  const intake = new Pool(simulation, plan.ingress, () => exponential(costs.accept, random));
  // Half of the ledger's work is the accept, half what the run writes.
  const ledger = new GroupCommit(simulation, { ...commit, each: costs.ledger / 2 });
  const workers = new Pool(simulation, plan.workers, () => exponential(costs.run, random));
  const lane = new LaneQueue(
    simulation,
    { ratePerSecond: demand.erpRate, concurrency: demand.erpConcurrency },
    () => exponential(demand.erpLatency, random),
  );
  const seen = { waiting: 0, most: 0, atBurstEnd: 0, drainedAt: 0, events: 0 };
  const burstEnd = course.burst?.seconds ?? 0;
  const ofWorkers = (then: () => void) => {
    seen.waiting += 1;
    seen.most = Math.max(seen.most, seen.waiting);
    workers.arrive(() => {
      seen.waiting -= 1;
      if (seen.drainedAt === 0 && simulation.now >= burstEnd && seen.waiting <= plan.workers)
        seen.drainedAt = simulation.now;
      ledger.arrive(then);
    });
  };
  const aCase = () => {
    if (random() >= demand.caseShare) return;
    ofWorkers(() => {
      for (let call = 0; call < demand.erpCalls; call += 1) lane.arrive(() => undefined);
    });
  };
  const arrivals = () => {
    const { burst } = course;
    const factor = burst && simulation.now < burst.seconds ? burst.factor : 1;
    simulation.after(exponential(1 / (demand.eventsPerSecond * factor), random), () => {
      if (simulation.now >= course.seconds) return;
      seen.events += 1;
      intake.arrive(() => ledger.arrive(() => ofWorkers(aCase)));
      arrivals();
    });
  };
  arrivals();
  if (course.burst) simulation.after(burstEnd, () => (seen.atBurstEnd = seen.waiting));
  simulation.run();
  const span = Math.max(course.seconds, simulation.now);
  const share = (station: Station, servers: number) => station.busy / (span * servers);
  return {
    busy: {
      intake: share(intake, plan.ingress),
      ledger: share(ledger, 1),
      workers: share(workers, plan.workers),
      'erp lane':
        lane.waits.length / (span * Math.min(demand.erpRate, demand.erpConcurrency / demand.erpLatency)),
    },
    waitP99: {
      intake: quantile(intake.waits, 0.99),
      ledger: quantile(ledger.waits, 0.99),
      workers: quantile(workers.waits, 0.99),
      'erp lane': quantile(lane.waits, 0.99),
    },
    backlog: seen.most,
    drainSeconds: course.burst ? seen.drainedAt - burstEnd : 0,
    backlogAtBurstEnd: seen.atBurstEnd,
    events: seen.events,
  };
}
