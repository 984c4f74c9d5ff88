/** IDocs as XML: one or more `IDOC` below a root that carries the name of the type or of an extension. The declared encoding is read. */
import { canonicalJson, sha256Hex, shipmentKeyOf } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeReport,
  NormalizeResult,
  Secrets,
  Verification,
} from '../kit/connector';
import { keyOf } from '../kit/draft';
import { notAFact, reject, rejected, soundly } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Json, list, object } from '../kit/text';
import { readXml } from '../kit/xml';
import { type Control, controlOf } from './control';
import { deliveryFact } from './delivery';
import { basicTypes, manifest, settingsOf } from './manifest';

/** SAP's XML-HTTP port signs on by basic authentication of its RFC destination; a middleware may carry a token instead. */
function verify({ headers }: InboundRequest, secrets: Secrets): Verification {
  const basic = /^basic\s+(\S+)\s*$/i.exec(headers.authorization ?? '')?.[1];
  if (basic === undefined) return verifyToken(bearerOf(headers), secrets('inboundToken'));
  const users = secrets('inboundUser');
  const pairs = secrets('inboundPassword').map((password, at) =>
    Buffer.from(`${users[at] ?? users.at(-1) ?? ''}:${password}`).toString('base64'),
  );
  return verifyToken(basic, pairs);
}

interface Document {
  idoc: Json;
  at: string;
}

/** Every IDOC of the payload. */
function documentsOf(payload: unknown): Document[] {
  const root = object(payload) ?? {};
  const name = Object.keys(root).find((key) => !key.startsWith('?')) ?? '';
  const inside = name === 'IDOC' ? root.IDOC : object(root[name])?.IDOC;
  const path = name === 'IDOC' ? '' : `/${name.slice(0, 60)}`;
  return list(inside).flatMap((one, index) => {
    const idoc = object(one);
    return idoc === undefined ? [] : [{ idoc, at: `${path}/IDOC[${index + 1}]` }];
  });
}

/** The key of an IDoc: its control record, else its content. */
const keyOfDocument = (idoc: Json, control: Control | undefined) =>
  control?.key ?? keyOf(['idoc', sha256Hex(canonicalJson(idoc))]);

function mapDocument({ idoc, at }: Document, context: NormalizeContext): NormalizeResult {
  const control = controlOf(idoc, settingsOf(context.settings).timeZone);
  if (control === undefined)
    return rejected(
      'CONTROL_RECORD_MISSING',
      'the IDoc has no control record with its type and message type',
      at,
    );
  const refusal = unsupported(control, at);
  if (refusal !== undefined) return { facts: [], reports: [refusal] };
  const deliveries = list(idoc.E1EDL20);
  if (deliveries.length === 0)
    return rejected('DELIVERY_MISSING', 'the IDoc has no delivery header (E1EDL20)', at);
  const key = keyOfDocument(idoc, control);
  const results = deliveries.map((one, index) => {
    const fact = deliveryFact(object(one) ?? {}, control, key, context);
    const where = `${at}/E1EDL20[${index + 1}]`;
    return fact ?? reject('DELIVERY_NUMBER_MISSING', 'the delivery has no number (VBELN)', where);
  });
  return {
    facts: results.flatMap((one) => ('dedupKey' in one ? [one] : [])),
    reports: results.flatMap((one) => ('dedupKey' in one ? [] : [one])),
  };
}

function unsupported({ basicType, test }: Control, at: string): NormalizeReport | undefined {
  if (test) return notAFact('TEST_IDOC', 'the sender marks this IDoc as a test', at);
  if (basicTypes.includes(basicType)) return undefined;
  const read = `${basicTypes[0]} to ${basicTypes.at(-1)}`;
  return basicType.startsWith('DELVRY')
    ? reject('VERSION_UNSUPPORTED', `the IDoc is a ${basicType}, this connector reads ${read}`, at)
    : reject('IDOC_TYPE_UNSUPPORTED', `the IDoc is a ${basicType}, this connector reads ${read}`, at);
}

function normalize(request: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = readXml(request);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  return soundly(() => {
    const documents = documentsOf(parsed.value);
    if (documents.length === 0) return rejected('NOT_AN_IDOC', 'the XML holds no IDOC element');
    const results = documents.map((document) => mapDocument(document, context));
    return {
      facts: results.flatMap(({ facts }) => facts),
      reports: results.flatMap(({ reports }) => reports),
    };
  });
}

/** Intake does not know the partner's settings, and no identifier depends on them. */
const atIntake: NormalizeContext = { receivedAt: 0, settings: {}, manifest };

function orderKeyOf(documents: readonly Document[]): string | undefined {
  for (const document of documents) {
    const [first] = soundly(() => mapDocument(document, atIntake)).facts;
    if (first !== undefined) return shipmentKeyOf(first.data.identifiers);
  }
  return undefined;
}

/** A single IDoc is known by its control record, a package of several by its bytes; each delivery in it has a key of its own. */
function identify(request: InboundRequest): Identified {
  const parsed = readXml(request);
  const documents = parsed.ok ? documentsOf(parsed.value) : [];
  const [only, second] = documents;
  const control = only === undefined ? undefined : controlOf(only.idoc, undefined);
  const dedupKey = (second === undefined ? control?.key : undefined) ?? sha256Hex(request.body);
  const orderKey = orderKeyOf(documents);
  return { dedupKey, ...(orderKey === undefined ? {} : { orderKey }) };
}

export const inbound: Inbound = { verify, identify, normalize };
