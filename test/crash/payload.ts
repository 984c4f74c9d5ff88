/** One FedEx delay for one shipment, ordered by time; written after FedEx's Track v1 reference. */
export function fedexDelivery(
  shipment: number,
  event: number,
  secret: string,
): { body: string; headers: Record<string, string>; effect: string } {
  const trackingNumber = `79${String(shipment).padStart(10, '0')}`;
  const at = new Date(Date.UTC(2026, 10, 1) + event * 60_000).toISOString().replace('.000Z', '+00:00');
  const eta = new Date(Date.UTC(2027, 0, 1) + event * 60_000).toISOString().replace('.000Z', '+00:00');
  const body = JSON.stringify({
    transactionId: `crash-${shipment}-${event}`,
    output: {
      completeTrackResults: [
        {
          trackingNumber,
          trackResults: [
            {
              trackingNumberInfo: {
                trackingNumber,
                trackingNumberUniqueId: `12029~${trackingNumber}~FDEG`,
                carrierCode: 'FDXE',
              },
              latestStatusDetail: {
                code: 'DE',
                derivedCode: 'DE',
                statusByLocale: 'Delivery exception',
                description: 'Delivery exception',
              },
              dateAndTimes: [{ type: 'ESTIMATED_DELIVERY', dateTime: eta }],
              scanEvents: [
                {
                  date: at,
                  eventType: 'DE',
                  eventDescription: 'Delivery exception',
                  exceptionCode: '08',
                  exceptionDescription: 'Recipient not in',
                  scanLocation: { city: 'Memphis', countryCode: 'US' },
                  derivedStatusCode: 'DE',
                },
              ],
            },
          ],
        },
      ],
    },
  });
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${secret}` };
  return { body, headers, effect: `${trackingNumber}@${Date.parse(at)}` };
}
