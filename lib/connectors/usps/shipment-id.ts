/** USPS knows labels, not shipments: the id of several labels is all of their numbers. */
export const shipmentIdOf = (trackingNumbers: readonly string[]) => trackingNumbers.join('+');

export const trackingNumbersOf = (shipmentId: string) =>
  shipmentId.split('+').filter((number) => number !== '');
