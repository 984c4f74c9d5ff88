/** Sizing for 100 M scans a day: on paper, and simulated. */
import { costsFrom } from './costs';
import {
  type Costs,
  type Demand,
  drainForecast,
  firstToSaturate,
  type Plan,
  partNames,
  planFor,
  simulate,
  utilisation,
} from './model';

const perDay = 100_000_000;
/** The busiest hour of the peak season against the day's average. */
const peakFactor = 3;
const mostBusy = 0.7;

/** One scan in a hundred is an exception; the ERP is an S/4HANA that allows 50 calls a second. */
export const peak: Demand = {
  eventsPerSecond: (perDay / 86_400) * peakFactor,
  caseShare: 0.01,
  erpCalls: 2,
  erpRate: 50,
  erpConcurrency: 25,
  erpLatency: 0.3,
};

const percent = (share: number): string => `${Math.round(share * 100)} %`;
const wait = (seconds: number): string =>
  seconds < 1 ? `${(seconds * 1000).toFixed(1)} ms` : `${seconds.toFixed(1)} s`;

function row(name: string, demand: Demand, costs: Costs, plan: Plan): string {
  const paper = utilisation(demand, costs, plan);
  const seen = simulate(demand, costs, plan, { seconds: 60, seed: 1 });
  const cells = partNames.map((part) => `${percent(paper[part])}, ${wait(seen.waitP99[part])}`);
  return `| ${name} | ${Math.round(demand.eventsPerSecond).toLocaleString('en')} | ${plan.ingress} + ${plan.workers} | ${cells.join(' | ')} | ${firstToSaturate(paper)} |`;
}

function burst(costs: Costs): string {
  const demand = { ...peak, eventsPerSecond: 60, erpRate: 500, erpConcurrency: 500 };
  const plan = planFor(demand, costs, 0.5);
  const ingress = planFor(
    { ...demand, eventsPerSecond: demand.eventsPerSecond * 20 },
    costs,
    mostBusy,
  ).ingress;
  const course = { seconds: 600, burst: { factor: 20, seconds: 60 }, seed: 2 };
  const seen = simulate(demand, costs, { ...plan, ingress }, course);
  const forecast = drainForecast(
    seen.backlogAtBurstEnd,
    plan.workers / costs.run,
    demand.eventsPerSecond * (1 + demand.caseShare),
  );
  return `A burst of 20 times ${demand.eventsPerSecond} events/s for 60 s, ${ingress} ingress, ${plan.workers} worker: ${seen.backlog.toLocaleString('en')} runs wait at most, gone after ${seen.drainSeconds.toFixed(0)} s (told beforehand from the drain rate: ${forecast.toFixed(0)} s); an accept waits ${wait(seen.waitP99.intake)} (p99).`;
}

export function sizingSection(results: string): string {
  const costs = costsFrom(results);
  const average = { ...peak, eventsPerSecond: peak.eventsPerSecond / peakFactor };
  const wide = { ...peak, erpRate: 200, erpConcurrency: 100 };
  const us = (seconds: number) => Math.round(seconds * 1e6).toLocaleString('en');
  return [
    '## (g) Sizing for 100 M scans a day, from the costs above, simulated for 60 s',
    '',
    `Cost of an event, upper bounds: accept ${us(costs.accept)} us, run ${us(costs.run)} us of a process; ${us(costs.ledger)} us of the ledger's writer. Cells: busy on paper, and the wait that 99 of 100 stay under.`,
    '',
    `| load | events/s | ingress + workers | ${partNames.join(' | ')} | busiest |`,
    `| --- | --- | --- | ${partNames.map(() => '---').join(' | ')} | --- |`,
    row('average day', average, costs, planFor(average, costs, mostBusy)),
    row('peak hour', peak, costs, planFor(peak, costs, mostBusy)),
    row('peak hour, ERP at 200 calls/s', wide, costs, planFor(wide, costs, mostBusy)),
    '',
    burst(costs),
    '',
  ].join('\n');
}
