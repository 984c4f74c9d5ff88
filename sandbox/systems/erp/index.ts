/** ERP stand-in: OData v2 services for sales orders and outbound deliveries with the rules that make SAP writes hard: CSRF, ETag, 204. */
import { type Answer, type Call, type Found, type Outcome, Refusal, type System } from '../../core/http';
import type { World } from '../../core/world';
import { type AttachmentResource, Attachments, parseAttachmentPath } from './attachments';
import { Documents } from './documents';
import type { EntitySet, Row } from './model';
import {
  etagOf,
  matches,
  metadataXml,
  odataError,
  parseFilter,
  parseResource,
  type Rendering,
  type Resource,
  refuseOData,
  relatedRows,
  render,
} from './odata';
import { Sessions } from './sessions';
import { Writer } from './writer';

const writes: Record<string, string> = {
  POST: 'create',
  PATCH: 'patch',
  MERGE: 'patch',
  PUT: 'patch',
  DELETE: 'delete',
};

export class Erp {
  readonly system: System;
  private readonly documents: Documents;
  private readonly attachments: Attachments;
  private readonly sessions = new Sessions();
  private readonly writer: Writer;

  constructor(world: World) {
    this.documents = new Documents(world);
    this.attachments = new Attachments(world);
    this.writer = new Writer(this.documents);
    this.system = { id: 'erp', bearer: false, find: (method, path) => this.find(method, path) };
  }

  expireSessions(): void {
    this.sessions.expire();
  }

  private find(method: string, path: string): Found | undefined {
    const attachment = parseAttachmentPath(path);
    if (attachment) return this.findAttachment(method, attachment);
    const resource = parseResource(path);
    if (!resource) return undefined;
    const { set, navigation } = resource;
    const verb = writes[method] ?? 'read';
    const operation = `${navigation?.set.name ?? set?.name ?? 'service'}.${verb}`;
    const handle = (call: Call) =>
      verb === 'read' ? this.read(resource, call) : this.write(resource, verb, call);
    return { params: {}, endpoint: { operation, handle: (call) => this.signedOn(call, handle) } };
  }

  private findAttachment(method: string, resource: AttachmentResource): Found {
    const create = method === 'POST' && resource === 'AttachmentContentSet';
    const handle = (call: Call): Outcome => {
      if (create) {
        this.sessions.require(call);
        return this.attachments.create(call);
      }
      if (method !== 'GET') return refuseOData(405, 'METHOD', 'only files can be posted here');
      const headers = this.sessions.fetch(call);
      if (resource === 'service') return { status: 200, headers, body: { d: { EntitySets: [] } } };
      requireJson(call);
      return { ...this.attachments.list(call), headers };
    };
    const operation = `${resource}.${create ? 'create' : 'read'}`;
    const endpoint = { operation, raw: create, handle: (call: Call) => this.signedOn(call, handle) };
    return { params: {}, endpoint };
  }

  private signedOn(call: Call, handle: (call: Call) => Outcome): Outcome {
    if (/^(Basic|Bearer) \S/i.test(call.headers.authorization ?? '')) return handle(call);
    const answer = odataError(401, 'UNAUTHORIZED', 'send Authorization: Basic or Bearer');
    throw new Refusal({
      ...answer,
      headers: { ...answer.headers, 'www-authenticate': 'Basic realm="SANDBOX"' },
    });
  }

  private read(resource: Resource, call: Call): Outcome {
    const headers = { ...this.sessions.fetch(call), dataserviceversion: '2.0' };
    if (!resource.set)
      return {
        ...serviceAnswer(resource, call),
        headers: { ...serviceAnswer(resource, call).headers, ...headers },
      };
    requireJson(call);
    const answer = resource.keys
      ? this.readOne(resource, resource.set, resource.keys, call)
      : this.readMany(resource, resource.set, call);
    return { ...answer, headers: { ...headers, ...answer.headers } };
  }

  private readOne(resource: Resource, set: EntitySet, keys: Row, call: Call): Answer {
    const document = this.documents.find(resource.service, String(keys[set.keys[0]] ?? ''));
    const row = document?.rows[set.name]?.find((candidate) => matches(candidate, keys));
    if (!document || !row)
      return refuseOData(404, 'NOT_FOUND', `Resource not found for segment '${set.name}Type'`);
    const how = rendering(resource, call);
    if (!resource.navigation) {
      const d = render(document, set, row, how);
      return { status: 200, headers: { etag: etagOf(document) }, body: { d } };
    }
    const { set: target } = resource.navigation;
    return page(relatedRows(document, set, row, target), call, (child) =>
      render(document, target, child, how),
    );
  }

  private readMany(resource: Resource, set: EntitySet, call: Call): Answer {
    const wanted = parseFilter(call.query.get('$filter')) ?? {};
    const number = this.ownerOf(set, wanted);
    if (number === undefined)
      return refuseOData(400, 'FILTER', `every number exists here: filter ${set.name} by ${set.keys[0]}`);
    const document = this.documents.find(resource.service, number);
    const rows = document?.rows[set.name]?.filter((row) => matches(row, wanted)) ?? [];
    return page(rows, call, (row) =>
      document ? render(document, set, row, rendering(resource, call)) : row,
    );
  }

  /** The document that a filter leads to. */
  private ownerOf(set: EntitySet, wanted: Row): string | undefined {
    const direct = wanted[set.keys[0]];
    if (typeof direct === 'string') return direct;
    const order = wanted.ReferenceSDDocument;
    if (typeof order === 'string') return this.documents.deliveryOfOrder(order) ?? '';
    const purchase = wanted.PurchaseOrderByCustomer;
    if (typeof purchase !== 'string') return undefined;
    // SAP numbers its orders: what a customer calls `SO-4711` was never ordered here.
    return /^\d{1,10}$/.test(purchase) ? purchase : '';
  }

  private write(resource: Resource, verb: string, call: Call): Outcome {
    this.sessions.require(call);
    if (!resource.set) return refuseOData(405, 'METHOD', 'the service document is read only');
    if (verb === 'create') return this.writer.create(resource, resource.set, call, rendering(resource, call));
    if (!resource.keys || resource.navigation)
      return refuseOData(405, 'METHOD', 'only one entity can be changed');
    if (verb === 'delete') return this.writer.remove(resource, resource.set, resource.keys, call);
    return this.writer.patch(resource, resource.set, resource.keys, call);
  }
}

function serviceAnswer(resource: Resource, call: Call): Answer {
  if (call.path.endsWith('/$metadata'))
    return {
      status: 200,
      headers: { 'content-type': 'application/xml' },
      body: metadataXml(resource.service),
    };
  return { status: 200, headers: { 'content-type': 'application/json' }, body: { d: { EntitySets: [] } } };
}

/** SAP answers Atom XML unless JSON is asked for; this stand-in has no Atom, so it says so instead of hiding a missing header. */
function requireJson(call: Call): void {
  if (call.query.get('$format') === 'json' || (call.headers.accept ?? '').includes('application/json'))
    return;
  refuseOData(406, 'FORMAT', 'SAP would answer Atom XML here: send Accept: application/json or $format=json');
}

function list(text: string | null): string[] {
  return (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function rendering(resource: Resource, call: Call): Rendering {
  return {
    resource,
    base: call.base,
    expand: list(call.query.get('$expand')),
    select: list(call.query.get('$select')),
  };
}

function page(rows: readonly Row[], call: Call, shown: (row: Row) => unknown): Answer {
  const skip = Number(call.query.get('$skip') ?? 0) || 0;
  const top = Number(call.query.get('$top') ?? rows.length) || 0;
  const count = call.query.get('$inlinecount') === 'allpages' ? { __count: String(rows.length) } : {};
  return { status: 200, body: { d: { ...count, results: rows.slice(skip, skip + top).map(shown) } } };
}
