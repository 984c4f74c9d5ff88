import type { FactDraft } from '../../model/fact';
import { sha256Hex } from '../../model/keys';
import type {
  Identified,
  Inbound,
  InboundRequest,
  NormalizeContext,
  NormalizeResult,
} from '../kit/connector';
import { keyOf } from '../kit/draft';
import { headOf } from '../kit/edi/text';
import { rejected, soundly } from '../kit/json';
import { withinLimits } from '../kit/line-limit';
import { bearerOf, verifyToken } from '../kit/signature';
import { object } from '../kit/text';
import { parseXml } from '../kit/xml';
import { mapDespatchAdvice } from './despatch';
import { documentOf, textOf, type UblDocument, UblFault } from './document';
import { mapOrderResponse, mapSimpleResponse } from './order-response';

/** Which mapping reads which root element. */
const mappings: ReadonlyMap<string, (document: UblDocument) => FactDraft[]> = new Map([
  ['DespatchAdvice', mapDespatchAdvice],
  ['OrderResponse', mapOrderResponse],
  ['OrderResponseSimple', mapSimpleResponse],
]);

const uuid = /<(?:\w+:)?UUID[^>]*>\s*([0-9A-Fa-f-]{32,40})\s*</;

/** cbc:UUID is the sender's own id; without one the bytes are. A UUID that comes with other bytes is a conflict, not a duplicate. */
function identify({ body }: InboundRequest): Identified {
  const own = uuid.exec(headOf(body, 20_000))?.[1];
  return { dedupKey: own === undefined ? sha256Hex(body) : keyOf(['ubl', own.toLowerCase()]) };
}

function normalize({ body }: InboundRequest, context: NormalizeContext): NormalizeResult {
  const parsed = parseXml(body, { attributes: true });
  if (!parsed.ok) return { facts: [], reports: [parsed.report] };
  const tree = object(parsed.value) ?? {};
  const name = Object.keys(tree).find((key) => !key.startsWith('?'));
  const root = object(name === undefined ? undefined : tree[name]);
  const map = mappings.get(name ?? '');
  if (name === undefined || root === undefined || map === undefined)
    return rejected(
      'NOT_A_UBL_DOCUMENT',
      `XML with the root ${(name ?? 'none').slice(0, 60)} is no UBL document that is mapped`,
    );
  const version = textOf(root.UBLVersionID);
  if (version !== undefined && !/^2\.[0-4]$/.test(version))
    return rejected(
      'VERSION_UNSUPPORTED',
      `the document says UBL ${version.slice(0, 20)}, ${context.manifest.apiVersion} is supported`,
      `/${name}/UBLVersionID`,
    );
  try {
    return withinLimits({ facts: map(documentOf(name, root, body, context)), reports: [] }, `/${name}`);
  } catch (error) {
    if (error instanceof UblFault) return rejected(error.code, error.message, error.at);
    throw error;
  }
}

export const inbound: Inbound = {
  verify: (request, secrets) => verifyToken(bearerOf(request.headers), secrets('inboundToken')),
  identify,
  normalize: (request, context) => soundly(() => normalize(request, context)),
};
