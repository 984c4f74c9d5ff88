/** Where the starter flows find their partners, and the secrets they share with the traffic generator: development only. */
import type { Secrets } from './traffic/simulate';

/** Known to everybody: the sandbox refuses to run in production, and so do these. */
export const sandboxSecrets: Required<Secrets> = {
  easypost: 'sandbox-easypost-secret',
  fedex: 'sandbox-fedex-token',
  ups: 'sandbox-ups-credential',
  wms: 'sandbox-wms-secret',
  tms: 'sandbox-tms-secret',
};

/** Variables that `flows/global/config.json` reads; each may be set to a real partner instead. */
export function sandboxEnvironment(url: string): Record<string, string> {
  return {
    ERP_ENDPOINT: `${url}/erp`,
    ERP_USERNAME: 'reroute',
    ERP_PASSWORD: 'sandbox',
    ERP_INBOUND_TOKEN: 'sandbox-erp-token',
    WMS_ENDPOINT: `${url}/wms`,
    WMS_TOKEN: 'sandbox',
    WMS_WEBHOOK_SECRET: sandboxSecrets.wms,
    TMS_ENDPOINT: `${url}/tms`,
    TMS_TOKEN: 'sandbox',
    TMS_WEBHOOK_SECRET: sandboxSecrets.tms,
    STOREFRONT_ENDPOINT: `${url}/storefront`,
    STOREFRONT_TOKEN: 'sandbox',
    DESK_ENDPOINT: `${url}/desk`,
    DESK_TOKEN: 'sandbox',
    EASYPOST_ENDPOINT: `${url}/carrier`,
    EASYPOST_API_KEY: 'sandbox',
    FEDEX_INBOUND_TOKEN: sandboxSecrets.fedex,
    UPS_WEBHOOK_CREDENTIAL: sandboxSecrets.ups,
    EASYPOST_WEBHOOK_SECRET: sandboxSecrets.easypost,
  };
}
