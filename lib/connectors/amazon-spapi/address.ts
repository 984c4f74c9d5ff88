import type { PostalAddress } from '../kit/address';
import type { Json } from '../kit/text';

/** ShippingSpeedCategory; ScheduledDelivery is left out: it needs a window and is Japan's only. */
export const speeds = ['Standard', 'Expedited', 'Priority'] as const;

/** `Address` of Fulfillment Outbound: a name is required, three lines at most. */
export function amazonAddress(to: PostalAddress): Json {
  const [addressLine1, addressLine2, addressLine3] = to.lines;
  return {
    name: to.name ?? to.company,
    addressLine1,
    addressLine2,
    addressLine3,
    city: to.city,
    stateOrRegion: to.region,
    postalCode: to.postalCode ?? '',
    countryCode: to.country,
    phone: to.phone,
  };
}
