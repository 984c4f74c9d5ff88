import assert from 'node:assert/strict';
import type { CaseSource } from '../../lib/engine/api';
import { Sources } from '../../lib/engine/sources';
import type { CaseState } from '../../lib/model/case';

const source = (id: string, more: Partial<CaseSource>): CaseSource => ({
  kind: 'exception-in',
  node: { id, type: 'reroute-exception-in', z: 'tab' },
  ...{ codes: [], regions: [], partners: [], deliver: () => undefined },
  ...more,
});

const caseOf = (code: string, region?: string) => ({ code, region }) as CaseState;

describe('which flow takes a case', () => {
  const sources = new Sources();
  sources.add(source('global', { codes: ['INVENTORY_SHORT_PICK'] }));
  sources.add(source('watch', {}));
  sources.add(source('german', { codes: ['INVENTORY_SHORT_PICK'], regions: ['emea-de', 'DE'] }));
  const taken = (state: CaseState) => sources.forCase(state).map(({ node }) => node.id);

  it("is the one that names the case's region, instead of those for any region", () => {
    assert.deepEqual(taken(caseOf('INVENTORY_SHORT_PICK', 'emea-de')), ['german']);
    assert.deepEqual(taken(caseOf('INVENTORY_SHORT_PICK', 'DE')), ['german']);
  });

  it('are those for any region where none names it, or the case has no region', () => {
    assert.deepEqual(taken(caseOf('INVENTORY_SHORT_PICK', 'na-us')), ['global', 'watch']);
    assert.deepEqual(taken(caseOf('INVENTORY_SHORT_PICK')), ['global', 'watch']);
  });

  it('is decided by code: a region without a flow of its own for it leaves it to the others', () => {
    assert.deepEqual(taken(caseOf('DAMAGED', 'emea-de')), ['watch']);
  });
});
