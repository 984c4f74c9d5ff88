/** Times, durations, counts, shares and money as people of a language write them. */
const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

export function formatsOf(language: string) {
  const dateTime = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' });
  const exact = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long' });
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium' });
  const date = new Intl.DateTimeFormat(language, { dateStyle: 'medium' });
  const number = new Intl.NumberFormat(language);
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
  const units = unitsOf(language);

  /** The two largest units: `2 d 4 h`. */
  const duration = (ms: number): string => {
    const total = Math.abs(ms);
    if (total < minute) return `${Math.round(total / 1000)} ${units.s}`;
    const [d, h, m] = [
      Math.floor(total / day),
      Math.floor((total % day) / hour),
      Math.floor((total % hour) / minute),
    ];
    if (d > 0) return h > 0 && d < 10 ? `${d} ${units.d} ${h} ${units.h}` : `${d} ${units.d}`;
    if (h > 0) return m > 0 && h < 10 ? `${h} ${units.h} ${m} ${units.m}` : `${h} ${units.h}`;
    return `${m} ${units.m}`;
  };

  return {
    duration,
    dateTime: (at: string | number): string => dateTime.format(new Date(at)),
    exactTime: (at: string | number): string => exact.format(new Date(at)),
    clockTime: (at: string | number): string => clock.format(new Date(at)),
    date: (at: string | number): string => date.format(new Date(at)),
    number: (value: number): string => number.format(value),
    /** null: there was nothing to divide by. */
    share: (value: number | null): string => (value === null ? '–' : percent.format(value)),
    maybeDuration: (ms: number | null): string => (ms === null ? '–' : duration(ms)),
    money: ({ amountMinor, currency }: { amountMinor: string; currency: string }): string =>
      moneyOf(language, amountMinor, currency),
  };
}

function unitsOf(language: string): { d: string; h: string; m: string; s: string } {
  return language.startsWith('de')
    ? { d: 'T', h: 'Std', m: 'Min', s: 'Sek' }
    : { d: 'd', h: 'h', m: 'min', s: 's' };
}

function moneyOf(language: string, amountMinor: string, currency: string): string {
  const format = new Intl.NumberFormat(language, { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(Number(amountMinor) / 10 ** digits);
}
