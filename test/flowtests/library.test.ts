/** The flow library as a whole: every exception is taken once, everywhere, and every clone has tests. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Clones } from '../../lib/flowfiles/clones/clones';
import { clonePath } from '../../lib/flowfiles/clones/record';
import { testEnding, testsFor } from '../../lib/flowfiles/clones/tests';
import type { FlowNode } from '../../lib/flowfiles/format';
import { globalRegion } from '../../lib/flowfiles/templates/region';
import { exceptionCodes } from '../../lib/model/taxonomy';
import { root } from '../support';

const flows = join(root, 'flows');
const clones = new Clones({
  ...{ flowsDir: flows, target: { save: async () => assert.fail('nothing is written') } },
  now: Date.now,
});
const nodesOf = (path: string): FlowNode[] => JSON.parse(readFileSync(join(flows, path), 'utf8'));

/** Codes with whoever takes them. */
function takers(entries: { name: string; codes: readonly unknown[] }[]): [string, string[]][] {
  return exceptionCodes.map((code) => [
    code,
    entries.filter(({ codes }) => codes.includes(code)).map(({ name }) => name),
  ]);
}
const notOnce = (found: [string, string[]][]) => found.filter(([, names]) => names.length !== 1);

describe('the flow library', () => {
  it('has exactly one template for every code of the taxonomy', async () => {
    const templates = await clones.library.newest();
    const found = takers(templates.map(({ manifest: { id, codes } }) => ({ name: id, codes })));
    assert.deepEqual(notOnce(found), []);
  });

  it('has exactly one flow for every code in each region, open for the cases of that region alone', async () => {
    const all = await clones.status();
    const regions = [...new Set(all.map(({ region }) => region))];
    const ofRegion = new Map<string, { name: string; codes: readonly unknown[] }[]>();
    for (const { template, region } of all) {
      const { cases } = await clones.library.region(region);
      for (const { type, codes, regions: open } of nodesOf(clonePath(template, region))) {
        if (type !== 'reroute-exception-in') continue;
        assert.equal(open, cases.join(', '), `${region} ${template}`);
        const list = ofRegion.get(region) ?? [];
        ofRegion.set(region, [...list, { name: template, codes: Array.isArray(codes) ? codes : [] }]);
      }
    }
    assert.deepEqual(regions.sort(), ['emea-de', 'global', 'na-us']);
    for (const region of regions) assert.deepEqual(notOnce(takers(ofRegion.get(region) ?? [])), [], region);
  });

  it('says on every tab what it does, which partners and policy it needs and what may be changed', async () => {
    for (const { manifest, nodes } of await clones.library.newest()) {
      const info = String(nodes.find(({ type }) => type === 'tab')?.info ?? '');
      for (const part of ['What it does', 'Partners:', 'Policy:', 'Yours to change:'])
        assert.ok(info.includes(part), `${manifest.id} does not say "${part}"`);
      for (const { name } of manifest.parameters)
        assert.ok(info.includes(`\`${name}\``), `${manifest.id} does not explain ${name}`);
    }
  });
});

describe('the clones of the starter', () => {
  it('are tested by the tests of their templates before an upgrade or a deploy', async () => {
    for (const { template, version, region } of await clones.status()) {
      const path = clonePath(template, region);
      const origin = await clones.library.template(template, version);
      const files = testsFor({ flowsDir: flows, path, changed: false }, origin, nodesOf(path)).map(
        ({ file }) => file,
      );
      assert.ok(files.includes(clonePath(template, globalRegion).replace(/\.json$/, testEnding)), path);
    }
  });
});
