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
import { SegmentFault, type Separators, unlessFault } from '../kit/edi/segments';
import { decodeBytes, headOf, soleShipmentKey } from '../kit/edi/text';
import { notAFact, rejected, totally } from '../kit/json';
import { bearerOf, verifyToken } from '../kit/signature';
import { AcknowledgementBuilder } from './acknowledge';
import { readX12, separatorsOf, type X12Group, type X12Interchange, type X12Set } from './envelope';
import { interchangeVerdict } from './interchange-verdict';
import { SetScope } from './scope';
import { mappings } from './sets';

/** ISA13 with its parties, and a hash of the bytes: the same interchange again is a duplicate, another one under its number is not. */
function identify({ body }: InboundRequest): Identified {
  const hash = sha256Hex(body);
  const head = headOf(body, 1000);
  const begin = head.indexOf('ISA');
  const separators = begin < 0 ? undefined : separatorsOf(head, begin);
  if (separators === undefined) return { dedupKey: hash };
  const isa = head
    .slice(begin)
    .split(separators.element, 17)
    .map((element) => element.trim());
  const dedupKey = keyOf(['x12', isa[5], isa[6], isa[7], isa[8], isa[13], hash]);
  const orderKey = orderKeyOf(body, separators);
  return orderKey === undefined ? { dedupKey } : { dedupKey, orderKey };
}

/** Segments that name the shipment, and which of their elements does. */
const naming = new Map([
  ['B10', 2],
  ['B1', 2],
  ['W06', 4],
  ['B2', 4],
]);

function orderKeyOf(body: Uint8Array, { element, terminator }: Separators): string | undefined {
  const [separator, end] = [element, terminator].map((sign) => sign.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&'));
  const pattern = new RegExp(`[^A-Z0-9](B10|B1|W06|B2)${separator}([^\\r\\n${end}]{1,300})`, 'g');
  return soleShipmentKey(
    body,
    pattern,
    ([, tag = '', elements = '']) => elements.split(element)[(naming.get(tag) ?? 1) - 1],
  );
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  const { charset = 'auto', acknowledge = 'always' } = context.settings;
  const text = decodeBytes(body, String(charset));
  if (text === undefined) return rejected('CHARSET', 'the bytes do not fit the character set of the partner');
  const normalizer = new EdiNormalizer<X12Interchange, X12Group, X12Set>({
    receivedAt: context.receivedAt,
    map: (set) => mapSet(set, context),
    answering: (interchange) =>
      acknowledge === 'never' ? undefined : new AcknowledgementBuilder(interchange),
  });
  for (const part of readX12(text)) {
    if (part.kind === 'set') normalizer.document(part.set);
    else if (part.kind === 'group') normalizer.group(part.group);
    else if (part.kind === 'group-end') normalizer.groupEnd(part.fault);
    else if (part.kind === 'interchange') normalizer.interchange(part.interchange);
    else if (part.kind === 'interchange-end') normalizer.interchangeEnd(part.fault);
    else if (part.kind === 'ta1')
      normalizer.mapped(interchangeVerdict(part.segment, part.interchange, context));
    else normalizer.stray(part.code, part.message, part.at);
  }
  return normalizer.result();
}

/** Releases whose segments we know: element positions are those of 003010 and later. */
const versions = /^00[3-8]\d{3}/;

function mapSet(set: X12Set, context: NormalizeContext): Mapped | SegmentFault {
  if (context.settings.acceptTest === false && set.group.interchange.isa[15] === 'T')
    return {
      facts: [],
      reports: [notAFact('TEST_INTERCHANGE', 'its sender marks the interchange as a test', set.at)],
    };
  const map = mappings.get(set.type);
  const { version } = set.group;
  if (map === undefined)
    return {
      facts: [],
      reports: [notAFact('SET_NOT_MAPPED', `a ${set.type.slice(0, 10)} is not mapped to facts`, set.at)],
    };
  if (!versions.test(version)) {
    const message = `the group says version ${version.slice(0, 20)}, ${context.manifest.apiVersion} is supported`;
    return new SegmentFault('VERSION_UNSUPPORTED', message, { tag: 'ST', position: 1 });
  }
  return unlessFault(() => map(new SetScope(set, context)));
}

export const inbound: Inbound = {
  verify: (request, secrets) => verifyToken(bearerOf(request.headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => totally(() => normalize(request, context)),
};
