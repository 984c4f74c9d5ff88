/** Calendars of the regions, from `global/region.json` and `regions/<region>/region.json` below the flows; read at the start and after every deploy. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { everyOtherRegion, type RegionCalendars, regionCalendars } from '../model/calendar';

/** What is read of a region's file; the rest is the templates'. */
const calendarPart = z.looseObject({
  id: z.string(),
  cases: z.array(z.string()).default([]),
  calendars: regionCalendars,
});

/**
 * Fills the book: by the regions of cases that each region takes, and by the region's own id. A file that cannot be used is told and
 * left out; its cases count every hour.
 */
export function loadCalendars(
  flowsDir: string,
  book: Map<string, RegionCalendars>,
  onError: (file: string, error: unknown) => void,
): void {
  book.clear();
  for (const file of regionFiles(flowsDir)) {
    try {
      const { id, cases, calendars } = calendarPart.parse(JSON.parse(readFileSync(file, 'utf8')));
      for (const region of [id, ...cases]) book.set(region, calendars);
    } catch (error) {
      onError(file, error);
    }
  }
}

function regionFiles(flowsDir: string): string[] {
  const folder = join(flowsDir, 'regions');
  const regions = existsSync(folder) ? readdirSync(folder).sort() : [];
  return [join(flowsDir, everyOtherRegion), ...regions.map((name) => join(folder, name))]
    .map((region) => join(region, 'region.json'))
    .filter((file) => existsSync(file));
}
