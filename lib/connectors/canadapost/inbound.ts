import type { Out } from '../kit/collect';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { notAFact, parseJson, rejected, totally } from '../kit/json';
import { refusedCallFact } from '../kit/refused-call';
import { identifiedBy, latin1 } from '../kit/scan';
import { bearerOf, verifyToken } from '../kit/signature';
import { type Json, object, objects } from '../kit/text';
import { looksLikeXml } from '../kit/xml';
import { errorOf } from './client';
import { readXml } from './read-xml';
import { codes, ofJson, readDetail } from './tracking';

const pinIn = /<(?:\w+:)?(?:pin|tracking-pin)>\s*([^<\s]{1,100})\s*<|"pin"\s*:\s*"([^"\\\s]{1,100})"/;

function identify({ body }: InboundRequest): Identified {
  const found = pinIn.exec(latin1(body));
  const value = found?.[1] ?? found?.[2];
  return identifiedBy(body, value === undefined ? undefined : { carrier: 'canadapost', value });
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  const xml = looksLikeXml(body);
  const parsed = xml ? readXml(body) : parseJson(body);
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const root = object(parsed.value) ?? {};
  const version = xml && root['tracking-detail'] !== undefined ? otherVersionOf(body) : undefined;
  if (version !== undefined)
    return rejected(
      'VERSION_UNSUPPORTED',
      `the tracking answer follows ${version}, track and track-v2 are read`,
      '/tracking-detail',
    );
  return xml ? readDocument(root, context) : readAnswer(root, context);
}

/** The namespace says the version (http://www.canadapost.ca/ws/track for track and track-v2); parsing drops it. */
const namespaceIn = /"http:\/\/www\.canadapost\.ca\/ws\/(track(?:-v\d{1,4})?)"/;

/** Undefined for the versions that are read, and for an answer that names none. */
function otherVersionOf(body: Uint8Array): string | undefined {
  const version = namespaceIn.exec(latin1(body.subarray(0, 2000)))?.[1];
  return version === undefined || version === 'track' || version === 'track-v2' ? undefined : version;
}

/** The newer JSON interface: a tracking answer, or `messages`. */
function readAnswer(root: Json, context: NormalizeContext): NormalizeResult {
  const out: Out = { facts: [], reports: [] };
  if (Array.isArray(root.significantEvents)) readDetail(ofJson(root), '', context, out);
  else if (Array.isArray(root.messages)) readMessages({ message: root.messages }, context, out);
  else return rejected('NOT_A_CANADA_POST_ANSWER', 'JSON that is no tracking answer of Canada Post');
  return out;
}

function readDocument(root: Json, context: NormalizeContext): NormalizeResult {
  const out: Out = { facts: [], reports: [] };
  const detail = object(root['tracking-detail']);
  const messages = object(root.messages);
  if (detail !== undefined) readDetail(detail, '/tracking-detail', context, out);
  else if (messages !== undefined) readMessages(messages, context, out);
  else if (root['tracking-summary'] !== undefined)
    out.reports.push(notAFact('SUMMARY_WITHOUT_CODES', 'a summary tells its events in prose, without codes'));
  else if (answers.some((name) => object(root[name]) !== undefined))
    out.reports.push(notAFact('ANSWER_WITHOUT_EVENT', 'the answer to a call of ours, which tells no event'));
  else return rejected('NOT_A_CANADA_POST_DOCUMENT', 'XML that is no answer of Canada Post');
  return out;
}

const answers = [
  'shipment-info',
  'non-contract-shipment-info',
  'shipment-refund-request-info',
  'pickup-request-info',
];

/** A refused call is an exception of a shipment only where its code says so. */
function readMessages(messages: Json, context: NormalizeContext, out: Out): void {
  objects(messages.message, 20).forEach((message, index) => {
    const error = errorOf({ message });
    const status = error?.code ?? '0';
    const words = error?.message ?? 'the call was refused';
    const code = { codeList: 'message', status, text: words };
    const known = codes.meaning('message', status).mapped;
    const fact = known ? refusedCallFact({ codes, code, message: words, key: [words] }, context) : undefined;
    if (fact !== undefined) out.facts.push(fact);
    else out.reports.push(notAFact(`REFUSED_${status}`, words, `/messages/message[${index + 1}]`));
  });
}

export const inbound: Inbound = {
  verify: ({ headers }, secrets) => verifyToken(bearerOf(headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
