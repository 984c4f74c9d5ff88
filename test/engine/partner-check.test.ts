/** A partner's configuration, as it is judged when it is saved. */
import assert from 'node:assert/strict';
import type { Connector } from '../../lib/connectors/kit/connector';
import { mtlsSecrets } from '../../lib/connectors/kit/credentials';
import type { PartnerConfig } from '../../lib/engine/api';
import { openTestEngine, type TestEngine } from '../support/engine';
import { fileConnector } from '../support/polled';
import { testConnector } from '../support/test-partner';

const withMtls: Connector = {
  ...testConnector,
  manifest: {
    ...testConnector.manifest,
    id: 'mtls',
    secrets: mtlsSecrets.map((field) => ({ ...field, required: true })),
  },
};
const mailing: Connector = {
  ...testConnector,
  manifest: { ...testConnector.manifest, id: 'mailing', transports: ['smtp'] },
};

describe('the check of a partner', () => {
  let test: TestEngine;
  before(async () => {
    test = await openTestEngine({ connectors: [fileConnector, withMtls, mailing] });
  });
  after(() => test.close());

  const check = (config: Partial<PartnerConfig>) =>
    test.engine.checkPartner({
      id: 'q',
      connectorId: 'dropped',
      endpoint: '',
      secrets: {},
      limits: {},
      mode: 'observe',
      region: '',
      settings: {},
      ...config,
    });

  it('takes the endpoints that the connector takes', () => {
    for (const endpoint of [
      '',
      'https://a.example/x',
      'file:///srv/edi',
      'sftp://a.example',
      'sftp://me@a.example',
      'sftp://a.example:2222/~/edi',
    ])
      assert.deepEqual(check({ endpoint }), [], endpoint);
    for (const endpoint of ['smtp://a.example', 'smtps://a.example:465'])
      assert.deepEqual(check({ connectorId: 'mailing', endpoint }), [], endpoint);
  });

  it('says what is wrong with any other', () => {
    for (const [endpoint, sentence] of [
      ['smtp://a.example', /must be a URL like https:\/\/host\/path or file/],
      ['ftp://a.example', /must be a URL like/],
      ['nonsense', /must be a URL like/],
      ['sftp://me:secret@a.example', /without credentials/],
      ['https://me@a.example', /without credentials/],
      ['sftp:///edi', /names no host/],
      ['file:relative', /must name a folder/],
      ['file:///', /must name a folder/],
    ] as const)
      assert.match(check({ endpoint }).join(' '), sentence, endpoint);
    assert.match(check({ connectorId: 'mailing', endpoint: 'https://a.example' }).join(), /like smtp:/);
    assert.match(check({ connectorId: 'test', endpoint: 'sftp://a.example' }).join(), /like https:/);
  });

  it('knows the secrets of a transport, and of client certificates where the manifest names them', () => {
    const secrets = { sftpUser: ['env:U'], sftpKey: ['file:/k'], sftpHostKey: ['env:H'] };
    assert.deepEqual(check({ secrets }), []);
    assert.match(check({ connectorId: 'test', secrets }).join(), /knows no secret sftpUser/);
    assert.equal(check({ connectorId: 'mtls' }).length, 3);
    const mail = { smtpUser: ['env:U'], smtpPassword: ['env:P'], certificateAuthority: ['file:/ca.pem'] };
    assert.deepEqual(check({ connectorId: 'mailing', secrets: mail }), []);
  });

  it('judges overrides and the lane', () => {
    const overrides = [{ set: 'milestone', to: '"DELIVERED"' }];
    assert.match(check({ overrides }).join(), /no place that may be set/);
    assert.match(check({ lane: '../x' }).join(), /The lane takes/);
    assert.deepEqual(check({ lane: 'US domestic', overrides: [{ set: 'bizStep', to: '"picking"' }] }), []);
  });
});
