import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadCalendars } from '../../lib/flowfiles/calendars';
import { calendarOf, type RegionCalendars } from '../../lib/model/calendar';
import { root, tempDir } from '../support';

describe('The calendars of a runtime', () => {
  const calendar = (name: string) => ({
    default: { name, zone: 'Europe/Berlin', hours: { mon: [['08:00', '17:00']] } },
  });
  function read(files: Record<string, unknown>): { names: (string | undefined)[]; wrong: string[] } {
    const flows = tempDir('calendars');
    for (const [region, content] of Object.entries(files)) {
      mkdirSync(join(flows, region), { recursive: true });
      writeFileSync(
        join(flows, region, 'region.json'),
        typeof content === 'string' ? content : JSON.stringify(content),
      );
    }
    const book = new Map<string, RegionCalendars>([['stale', {} as RegionCalendars]]);
    const wrong: string[] = [];
    loadCalendars(flows, book, (file) => wrong.push(file.slice(flows.length + 1)));
    const names = ['DE', 'emea-de', 'FR', undefined, 'stale'].map(
      (region) => calendarOf(book, { region }).name,
    );
    return { names, wrong };
  }

  it('count for the regions of cases that a region takes, and the global one for all others', () => {
    const { names, wrong } = read({
      global: { id: 'global', cases: [], calendars: calendar('world') },
      'regions/emea-de': { id: 'emea-de', cases: ['DE'], carriers: ['dhl'], calendars: calendar('germany') },
    });
    assert.deepEqual(names, ['germany', 'germany', 'world', 'world', 'world']);
    assert.deepEqual(wrong, []);
  });

  it('that cannot be read are told by file, and the others count', () => {
    const { names, wrong } = read({
      'regions/emea-de': { id: 'emea-de', cases: ['DE'], calendars: calendar('germany') },
      'regions/na-us': '{ broken',
      'regions/na-mx': { id: 'na-mx', calendars: { default: { name: 'x', zone: 'Mars/Base', hours: {} } } },
    });
    assert.deepEqual(names.slice(0, 3), ['germany', 'germany', 'around the clock']);
    assert.deepEqual(wrong, ['regions/na-mx/region.json', 'regions/na-us/region.json']);
  });

  it('of the repository can be read', () => {
    const wrong: unknown[] = [];
    const book = new Map<string, RegionCalendars>();
    loadCalendars(join(root, 'flows'), book, (file, error) => wrong.push([file, error]));
    assert.deepEqual(wrong, []);
    assert.ok(book.size > 0);
  });
});
