/**
 * Files of sales orders as SAP's attachment service keeps them: `POST AttachmentContentSet` with name and owner in the headers,
 * `GetAllOriginals` to list (https://api.sap.com/api/API_CV_ATTACHMENT_SRV/overview). The bytes are counted, not kept.
 */
import { type Call, decode, type Outcome } from '../../core/http';
import type { World } from '../../core/world';
import { canonicalKey } from './model';
import { refuseOData } from './odata';

const servicePath = /^\/sap\/opu\/odata\/sap\/API_CV_ATTACHMENT_SRV(\/\w*)?$/;

export type AttachmentResource = 'service' | 'GetAllOriginals' | 'AttachmentContentSet';

/** The resource of a path below `/erp`; undefined when another service is meant. */
export function parseAttachmentPath(path: string): AttachmentResource | undefined {
  const match = servicePath.exec(path);
  if (!match) return undefined;
  const name = (match[1] ?? '/').slice(1);
  if (name === '') return 'service';
  return name === 'GetAllOriginals' || name === 'AttachmentContentSet'
    ? name
    : refuseOData(404, 'NOT_FOUND', `Resource not found for segment '${name}'`);
}

export class Attachments {
  private readonly world: World;
  private readonly files = new Map<string, Record<string, string>[]>();
  private last = 0;

  constructor(world: World) {
    this.world = world;
  }

  list(call: Call): Outcome {
    const type = quoted(call.query.get('BusinessObjectTypeName'));
    const owner = this.ownerOf(type, quoted(call.query.get('LinkedSAPObjectKey')));
    return { status: 200, body: { d: { results: this.files.get(owner) ?? [] } } };
  }

  create(call: Call): Outcome {
    const { slug, businessobjecttypename: type = '', linkedsapobjectkey: key = '' } = call.headers;
    if (slug === undefined) return refuseOData(400, 'SLUG', 'send the file name in the header Slug');
    const owner = this.ownerOf(type, key);
    const number = String(this.last + 1).padStart(10, '0');
    const file = {
      BusinessObjectTypeName: type,
      LinkedSAPObjectKey: key,
      LogicalDocument: `SBX${number}`,
      ArchiveDocumentID: `SBX${number}`,
      FileName: decode(slug),
      MimeType: call.headers['content-type'] ?? '',
      FileSize: call.headers['content-length'] ?? '0',
    };
    const commit = () => {
      this.last += 1;
      this.files.set(owner, [...(this.files.get(owner) ?? []), file]);
    };
    return { status: 201, body: { d: file }, work: { target: `${owner}/${file.FileName}`, commit } };
  }

  private ownerOf(type: string, key: string): string {
    const order = canonicalKey(key);
    if (type !== 'BUS2032' || this.world.order(order) === undefined)
      return refuseOData(404, 'NOT_FOUND', `no object ${type} ${key}: sales orders are BUS2032 here`);
    return `${type}('${order}')`;
  }
}

function quoted(value: string | null): string {
  return /^'(.*)'$/s.exec(value ?? '')?.[1]?.replaceAll("''", "'") ?? '';
}
