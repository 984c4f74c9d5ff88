/**
 * Pact's own verifier over one pact file, as a process of its own: it reports on standard output whatever it is told, and only who sees it fail
 * wants to read that. Arguments: the file, the provider's name, its URL, its port.
 */
import { loadCore } from './core';
import { messagePath, statePath } from './stand-in';

const [file = '', provider = '', url = '', port = ''] = process.argv.slice(2);

loadCore()
  .default.verifyPacts({
    provider,
    providerBaseUrl: url,
    pactUrls: [file],
    providerStatesSetupUrl: `${url}${statePath}`,
    transports: [{ protocol: 'message', port: Number(port), path: messagePath, scheme: 'http' }],
    logLevel: 'error',
  })
  .then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(String(error));
      process.exit(1);
    },
  );
