/** Where an event happened, as the source says it. */
import type { FactData } from '../../model/fact';
import { text } from './text';

/** A place from whatever parts are there; undefined when there are none. */
export function placeOf(address: {
  city?: unknown;
  region?: unknown;
  postalCode?: unknown;
  country?: unknown;
  locationId?: unknown;
}): FactData['place'] | undefined {
  const city = text(address.city, 200);
  const region = text(address.region, 100);
  const postalCode = text(address.postalCode, 40);
  const country = text(address.country, 100);
  const locationId = text(address.locationId, 200);
  if (
    city === undefined &&
    region === undefined &&
    postalCode === undefined &&
    country === undefined &&
    locationId === undefined
  )
    return undefined;
  return {
    ...(city === undefined ? {} : { city }),
    ...(region === undefined ? {} : { region }),
    ...(postalCode === undefined ? {} : { postalCode }),
    ...(country === undefined ? {} : { country }),
    ...(locationId === undefined ? {} : { locationId }),
  };
}
