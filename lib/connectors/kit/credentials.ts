/** Secrets that belong to a way to a partner, not to a vendor: named once, so that every connector calls them the same. */
import type { ConnectorManifest, SecretField } from './connector';
import type { Transport } from './transport';

const certificateAuthority: SecretField = {
  name: 'certificateAuthority',
  title: 'Certificate authority',
  required: false,
  description: "Issuers of the partner's server certificate, PEM; those of Node.js where it is left out.",
};

/**
 * Mutual TLS: spread into `secrets` of a manifest whose vendor takes client certificates, with `required: true` where it demands them.
 * The engine presents them on every HTTPS connection of the partner; PEM text each.
 */
export const mtlsSecrets: readonly SecretField[] = [
  {
    name: 'clientCertificate',
    title: 'Client certificate',
    required: false,
    description: 'Certificate that we present on TLS connections, with its chain, PEM.',
  },
  {
    name: 'clientKey',
    title: 'Client key',
    required: false,
    description: 'Private key of the client certificate, PEM, without a passphrase.',
  },
  certificateAuthority,
];

/** What an endpoint of each scheme may need; added to the connector's own secrets by `secretFields`. */
export const transportSecrets: Readonly<Record<Transport, readonly SecretField[]>> = {
  http: [],
  file: [],
  sftp: [
    {
      name: 'sftpUser',
      title: 'SFTP user',
      required: false,
      description: 'User name at the SFTP server; the one of the endpoint where it is left out.',
    },
    {
      name: 'sftpKey',
      title: 'SFTP private key',
      required: false,
      description: 'OpenSSH or PEM private key; a second one is tried when the server refuses the first.',
    },
    {
      name: 'sftpKeyPassphrase',
      title: 'Passphrase of the SFTP key',
      required: false,
      description: 'Where the private key is encrypted.',
    },
    {
      name: 'sftpPassword',
      title: 'SFTP password',
      required: false,
      description: 'Where the server takes passwords; a second one is tried when it refuses the first.',
    },
    {
      name: 'sftpHostKey',
      title: 'SFTP host key',
      required: false,
      description:
        "Fingerprint of the server's key as ssh-keygen -l prints it, `SHA256:...`. Without it no connection is made; the refusal says which key the server showed.",
    },
  ],
  smtp: [
    {
      name: 'smtpUser',
      title: 'SMTP user',
      required: false,
      description: 'User name at the SMTP server; the one of the endpoint where it is left out.',
    },
    {
      name: 'smtpPassword',
      title: 'SMTP password',
      required: false,
      description: 'Sent over TLS only; a second one is tried when the server refuses the first.',
    },
    certificateAuthority,
  ],
};

/** The secrets that a partner of a connector may have: its own, then those of its transports. */
export function secretFields(manifest: ConnectorManifest): readonly SecretField[] {
  const own = new Set(manifest.secrets.map(({ name }) => name));
  const added = (manifest.transports ?? []).flatMap((transport) => transportSecrets[transport]);
  return [...manifest.secrets, ...added.filter(({ name }) => !own.has(name))];
}
