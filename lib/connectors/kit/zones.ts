/**
 * Time zones of places that lie in one zone as a whole (IANA tz database, https://www.iana.org/time-zones). Countries and states
 * that straddle a border between zones are left out on purpose: their local times stay ASSUMED_UTC rather than guessed.
 */
const countries: Readonly<Record<string, string>> = {
  AT: 'Europe/Vienna',
  BE: 'Europe/Brussels',
  CH: 'Europe/Zurich',
  CZ: 'Europe/Prague',
  DE: 'Europe/Berlin',
  DK: 'Europe/Copenhagen',
  FR: 'Europe/Paris',
  GB: 'Europe/London',
  HK: 'Asia/Hong_Kong',
  IE: 'Europe/Dublin',
  IN: 'Asia/Kolkata',
  IT: 'Europe/Rome',
  JP: 'Asia/Tokyo',
  KR: 'Asia/Seoul',
  LU: 'Europe/Luxembourg',
  NL: 'Europe/Amsterdam',
  NO: 'Europe/Oslo',
  PH: 'Asia/Manila',
  PL: 'Europe/Warsaw',
  PR: 'America/Puerto_Rico',
  SE: 'Europe/Stockholm',
  SG: 'Asia/Singapore',
  TH: 'Asia/Bangkok',
  TW: 'Asia/Taipei',
  VN: 'Asia/Ho_Chi_Minh',
  ZA: 'Africa/Johannesburg',
};

const inZone = (zone: string, states: string) =>
  Object.fromEntries(states.split(' ').map((state) => [state, zone]));

const states: Readonly<Record<string, string>> = {
  ...inZone('America/New_York', 'CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV'),
  ...inZone('America/Chicago', 'AL AR IA IL LA MN MO MS OK WI'),
  ...inZone('America/Denver', 'CO MT NM UT WY'),
  ...inZone('America/Los_Angeles', 'CA WA'),
  HI: 'Pacific/Honolulu',
};

/** IANA zone of a place, where country, or state within the United States, decides it. */
export function zoneOf(country: string | undefined, region: string | undefined): string | undefined {
  const code = country?.toUpperCase();
  if (code === undefined) return undefined;
  return code === 'US' ? states[region?.toUpperCase() ?? ''] : countries[code];
}
