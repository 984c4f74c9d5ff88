/** The way of an order in six stations, from the release in the ERP to the notice to the customer. */
import type { Milestone } from '../../../../lib/model/fact';
import type { TraceEntry } from '../../api/types';
import { useWords } from '../../i18n/use-words';
import { Panel } from '../../parts/panel';
import classes from './journey.module.css';

export const stations = ['released', 'warehouse', 'booked', 'underway', 'delivered', 'informed'] as const;
export type Station = (typeof stations)[number];

const byMilestone: Partial<Record<Milestone, Station>> = {
  ORDER_RELEASED: 'released',
  PICKED: 'warehouse',
  PACKED: 'warehouse',
  SHIPPED: 'warehouse',
  BOOKED: 'booked',
  LABEL_CREATED: 'booked',
  PICKED_UP: 'underway',
  IN_TRANSIT: 'underway',
  DEPARTED: 'underway',
  ARRIVED: 'underway',
  CUSTOMS_CLEARANCE: 'underway',
  CUSTOMS_CLEARED: 'underway',
  OUT_FOR_DELIVERY: 'underway',
  DELIVERY_ATTEMPTED: 'underway',
  AVAILABLE_FOR_PICKUP: 'delivered',
  DELIVERED: 'delivered',
  RECEIVED: 'delivered',
  RETURNED: 'delivered',
};
const byOperation: [RegExp, Station][] = [
  [/notif|notice|message/i, 'informed'],
  [/book|label|tender/i, 'booked'],
  [/release|pick|stock|allocat/i, 'warehouse'],
];

export function stationOf(entry: TraceEntry): Station | undefined {
  if (entry.kind === 'fact') {
    const { event } = entry.record as { event: { data: { milestone?: Milestone } } };
    return event.data.milestone && byMilestone[event.data.milestone];
  }
  if (entry.kind !== 'effect' && entry.kind !== 'acknowledgement') return undefined;
  const { operation = '', safety } = entry.record as { operation?: string; safety?: string };
  if (safety === 'read') return undefined;
  return byOperation.find(([pattern]) => pattern.test(operation))?.[1];
}

export function Journey({ entries }: { entries: TraceEntry[] }) {
  const { t, dateTime } = useWords();
  const reached = new Map<Station, TraceEntry>();
  for (const entry of entries) {
    const station = stationOf(entry);
    if (station !== undefined) reached.set(station, entry);
  }
  const furthest = stations.findLastIndex((station) => reached.has(station));
  return (
    <Panel title={t('journey.title')}>
      <ol className={classes.way}>
        {stations.map((station, index) => {
          const entry = reached.get(station);
          return (
            <li key={station} data-reached={entry !== undefined}>
              <span className={classes.dot} aria-hidden />
              <strong>{t(`journey.${station}`)}</strong>
              <span className="dim">
                {entry !== undefined
                  ? dateTime(timeOf(entry))
                  : t(index < furthest ? 'journey.notReported' : 'journey.notYet')}
              </span>
            </li>
          );
        })}
      </ol>
    </Panel>
  );
}

/** When it happened, where that is known, else when it was recorded. */
function timeOf(entry: TraceEntry): string {
  const { event } = entry.record as { event?: { time: string } };
  return event?.time ?? entry.at;
}
