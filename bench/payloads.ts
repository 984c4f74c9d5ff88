/** A FedEx Track v1 answer with one delay exception, written after https://developer.fedex.com/api/en-us/catalog/track/v1/docs.html. */

/** Distinct tracking number and time for each series and ordinal; about 1 kB. */
export function fedexDelay(series: string, ordinal: number): string {
  const number = `7${series.padStart(3, '0').slice(-3)}${String(ordinal).padStart(8, '0')}`;
  const second = String(ordinal % 60).padStart(2, '0');
  const minute = String(Math.floor(ordinal / 60) % 60).padStart(2, '0');
  return JSON.stringify({
    transactionId: `b-${series}-${ordinal}`,
    output: {
      completeTrackResults: [
        {
          trackingNumber: number,
          trackResults: [
            {
              trackingNumberInfo: {
                trackingNumber: number,
                trackingNumberUniqueId: `12029~${number}~FDEG`,
                carrierCode: 'FDXG',
              },
              latestStatusDetail: {
                code: 'DE',
                derivedCode: 'DE',
                statusByLocale: 'Delivery exception',
                description: 'Delivery exception',
                scanLocation: { city: 'MEMPHIS', stateOrProvinceCode: 'TN', countryCode: 'US' },
                ancillaryDetails: [
                  {
                    reason: '08',
                    reasonDescription: 'Recipient not in',
                    action: 'No action is required.',
                    actionDescription: '',
                  },
                ],
              },
              dateAndTimes: [{ type: 'ESTIMATED_DELIVERY', dateTime: '2026-11-25T20:00:00-06:00' }],
              scanEvents: [
                {
                  date: `2026-11-23T10:${minute}:${second}-06:00`,
                  eventType: 'DE',
                  eventDescription: 'Delivery exception',
                  exceptionCode: '08',
                  exceptionDescription: 'Recipient not in',
                  scanLocation: {
                    city: 'MEMPHIS',
                    stateOrProvinceCode: 'TN',
                    postalCode: '38118',
                    countryCode: 'US',
                  },
                  locationType: 'DELIVERY_LOCATION',
                  derivedStatusCode: 'DE',
                  derivedStatus: 'Delivery exception',
                },
              ],
            },
          ],
        },
      ],
    },
  });
}
