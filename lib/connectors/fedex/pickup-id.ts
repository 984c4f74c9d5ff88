/** Cancelling a pickup takes more than its confirmation code: who collects, and for Express the station. They travel in one id. */

export interface PickupId {
  company: 'FDXE' | 'FDXG';
  /** Express station, e.g. `COSA`; absent for Ground. */
  location?: string;
  code: string;
}

export function pickupIdText({ company, location = '', code }: PickupId): string {
  return `${company}-${location}-${code}`;
}

/** Also a bare confirmation code, which is taken for one of the given company. */
export function parsePickupId(text: string, company: 'FDXE' | 'FDXG'): PickupId {
  const parts = /^(FDXE|FDXG)-([A-Za-z0-9]*)-(.+)$/.exec(text);
  if (parts === null) return { company, code: text };
  const [, owner, location = '', code = ''] = parts;
  return {
    company: owner === 'FDXG' ? 'FDXG' : 'FDXE',
    ...(location === '' ? {} : { location }),
    code,
  };
}
