import assert from 'node:assert/strict';
import { connector } from '../../lib/connectors/sap-idoc';
import { ssccOf } from '../../lib/connectors/sap-idoc/delivery';
import { receivedAt, requestOf } from './support/harness';

const control = (docnum = '0000000000619900', sender = 'S4PCLNT100') =>
  `<EDI_DC40><MANDT>100</MANDT><DOCNUM>${docnum}</DOCNUM><IDOCTYP>DELVRY03</IDOCTYP><MESTYP>SHPCON</MESTYP><SNDPOR>SAPS4P</SNDPOR><SNDPRT>LS</SNDPRT><SNDPRN>${sender}</SNDPRN><CREDAT>20260302</CREDAT><CRETIM>091500</CRETIM></EDI_DC40>`;
const idoc = (head: string, delivery: string) =>
  `<IDOC BEGIN="1">${head}<E1EDL20>${delivery}</E1EDL20></IDOC>`;
const body = (...idocs: string[]) => `<DELVRY03>${idocs.join('')}</DELVRY03>`;
const one = (delivery: string) => body(idoc(control(), delivery));

function inboundOf() {
  assert.ok(connector.inbound);
  return connector.inbound;
}
const normalize = (xml: string | Uint8Array, settings: Record<string, unknown> = {}) =>
  inboundOf().normalize(requestOf(xml), { receivedAt, settings, manifest: connector.manifest });
const keyOf = (xml: string) => inboundOf().identify(requestOf(xml)).dedupKey;

describe('sap-idoc payloads', () => {
  it('takes a handling unit for an SSCC only when its check digit is right', () => {
    assert.equal(ssccOf('00340123450000000017'), '340123450000000017');
    assert.equal(ssccOf('340123450000000017'), '340123450000000017');
    assert.equal(ssccOf('340123450000000018'), undefined);
    assert.equal(ssccOf('HU-1'), undefined);
    const units =
      '<E1EDL37><EXIDV>00340123450000000017</EXIDV></E1EDL37><E1EDL37><EXIDV>X1</EXIDV></E1EDL37>';
    const [fact] = normalize(one(`<VBELN>1</VBELN>${units}`)).facts;
    assert.deepEqual(fact?.data.identifiers.sscc, ['340123450000000017']);
  });

  it('knows an IDoc by its number and sender, whatever it says now', () => {
    const key = keyOf(one('<VBELN>1</VBELN>'));
    assert.equal(keyOf(one('<VBELN>1</VBELN><BOLNR>7</BOLNR>')), key);
    assert.notEqual(keyOf(body(idoc(control('0000000000619901'), '<VBELN>1</VBELN>'))), key);
    assert.notEqual(keyOf(body(idoc(control(undefined, 'ANOTHER'), '<VBELN>1</VBELN>'))), key);
  });

  it('gives the IDocs of a package the keys that they have alone', () => {
    const [a, b] = [idoc(control('1'), '<VBELN>1</VBELN>'), idoc(control('2'), '<VBELN>2</VBELN>')];
    const keys = (xml: string) => normalize(xml).facts.map(({ dedupKey }) => dedupKey);
    assert.deepEqual(keys(body(a, b)), [...keys(body(a)), ...keys(body(b))]);
  });

  it('reads local times in the zone of the partner', () => {
    const [fact] = normalize(one('<VBELN>1</VBELN>'), { timeZone: 'Europe/Berlin' }).facts;
    assert.partialDeepStrictEqual(fact?.data.time, {
      eventTime: '2026-03-02T09:15:00+01:00',
      timeConfidence: 'LOCATION_INFERRED',
    });
  });

  it('reads the code page that the XML declares, and says when the bytes do not fit it', () => {
    const xml = (encoding: string) =>
      `<?xml version="1.0" encoding="${encoding}"?>${one('<VBELN>1</VBELN><INCO1>DAP</INCO1><INCO2>Köln</INCO2>')}`;
    const latin = Buffer.from(xml('windows-1252'), 'latin1');
    assert.equal(normalize(latin).facts[0]?.data.context?.namedPlace, 'Köln');
    const wrong = normalize(Buffer.from(xml('UTF-8'), 'latin1'));
    assert.partialDeepStrictEqual(wrong.reports, [{ kind: 'rejected', code: 'NOT_TEXT' }]);
  });

  it('puts document numbers into the namespace of the system that owns them', () => {
    const [fact] = normalize(one('<VBELN>0080004711</VBELN>'), { namespace: 'ecc' }).facts;
    assert.deepEqual(fact?.data.identifiers.deliveryId, [{ namespace: 'ecc', value: '0080004711' }]);
  });

  it('lets SAP in by user and password or a middleware by token, the ones before still counting', () => {
    const secrets: Record<string, string[]> = {
      inboundUser: ['sap'],
      inboundPassword: ['new', 'old'],
      inboundToken: ['t2', 't1'],
    };
    const may = (authorization: string) =>
      inboundOf().verify(
        { headers: { authorization }, body: Buffer.from('') },
        (name) => secrets[name] ?? [],
        receivedAt,
      ).ok;
    const basic = (pair: string) => `Basic ${Buffer.from(pair).toString('base64')}`;
    assert.deepEqual([basic('sap:new'), basic('sap:old'), 'Bearer t1'].map(may), [true, true, true]);
    assert.deepEqual([basic('sap:older'), basic('other:new'), 'Bearer t3', ''].map(may), [
      false,
      false,
      false,
      false,
    ]);
  });
});
