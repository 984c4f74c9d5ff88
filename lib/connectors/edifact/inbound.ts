import { sha256Hex } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { keyOf } from '../kit/draft';
import { EdiNormalizer } from '../kit/edi/normalizer';
import type { Mapped } from '../kit/edi/scope';
import { Segment, SegmentFault, SegmentScanner, unlessFault } from '../kit/edi/segments';
import { headOf, soleShipmentKey } from '../kit/edi/text';
import { notAFact, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { ContrlBuilder } from './acknowledge';
import { decodeInterchange } from './charset';
import { type Group, headerOf, type Interchange, type Message, readEdifact } from './envelope';
import { mappings } from './messages';
import { MessageScope } from './scope';

/** Control reference with its parties, and a hash of the bytes: the same interchange again is a duplicate, another one under its reference is not. */
function identify({ body }: InboundRequest): Identified {
  const hash = sha256Hex(body);
  const head = headOf(body, 2000);
  const begin = head.search(/UN[AB]/);
  const header = begin < 0 ? undefined : headerOf(head, begin);
  if (header === undefined) return { dedupKey: hash };
  const raw = new SegmentScanner(head, header.at, header.separators).next() ?? '';
  const unb = new Segment(raw, 1, header.separators);
  const dedupKey = keyOf(['edifact', unb.element(2), unb.element(3), unb.component(5), hash]);
  const orderKey = soleShipmentKey(body, naming, ([, value]) => value);
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

/** RFF+SRN is the shipper's number of the shipment, RFF+CU the consignor's. */
const naming = /RFF\+(?:SRN|CU):([^:+'?\r\n]{1,70})/g;

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  const decoded = decodeInterchange(body);
  if ('fault' in decoded) return rejected('CHARSET', decoded.fault);
  const { acknowledge = 'always' } = context.settings;
  const normalizer = new EdiNormalizer<Interchange, Group, Message>({
    receivedAt: context.receivedAt,
    map: (message) => mapMessage(message, context),
    answering: (interchange) =>
      acknowledge === 'never' ? undefined : new ContrlBuilder(interchange, acknowledge === 'requested'),
  });
  for (const part of readEdifact(decoded.text)) {
    if (part.kind === 'message') normalizer.document(part.message);
    else if (part.kind === 'group') normalizer.group(part.group);
    else if (part.kind === 'group-end') normalizer.groupEnd(part.fault);
    else if (part.kind === 'interchange') normalizer.interchange(part.interchange);
    else if (part.kind === 'interchange-end') normalizer.interchangeEnd(part.fault);
    else normalizer.stray(part.code, part.message, part.at);
  }
  return normalizer.result();
}

/** Directories since the syntax was settled. CONTRL has versions of its own. */
const directories = /^(9[3-9]|[012]\d)[A-Z]$/;

function mapMessage(message: Message, context: NormalizeContext): Mapped | SegmentFault {
  const { type, version, release, at } = message;
  if (context.settings.acceptTest === false && message.interchange.unb.component(11).trim() === '1')
    return {
      facts: [],
      reports: [notAFact('TEST_INTERCHANGE', 'its sender marks the interchange as a test', at)],
    };
  const map = mappings.get(type);
  if (map === undefined)
    return {
      facts: [],
      reports: [notAFact('MESSAGE_NOT_MAPPED', `${type.slice(0, 10)} is not mapped to facts`, at)],
    };
  if (type !== 'CONTRL' && (version !== 'D' || !directories.test(release))) {
    const said = `${version.slice(0, 5)}.${release.slice(0, 5)}`;
    return new SegmentFault(
      'VERSION_UNSUPPORTED',
      `the message says ${said}, ${context.manifest.apiVersion} is supported`,
      { tag: 'UNH', position: 1 },
    );
  }
  return unlessFault(() => map(new MessageScope(message, context)));
}

export const inbound: Inbound = {
  verify: (request, secrets) => verifyToken(bearerOf(request.headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
