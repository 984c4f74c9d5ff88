import assert from 'node:assert/strict';
import { join, relative } from 'node:path';
import { findTests, readTest } from '../../lib/flowtests/files';
import type { TestReport } from '../../lib/flowtests/run';
import { root } from '../support';
import { flowsTest } from './command';

describe('the tests beside the flows', () => {
  let report: TestReport;
  before(async function () {
    this.timeout(120_000);
    report = await flowsTest('flows');
  });

  for (const path of findTests([join(root, 'flows')])) {
    const name = relative(root, path);
    describe(name, () => {
      for (const scenario of readTest(path).test.scenarios)
        it(scenario.name, () => {
          const file = report.files.find((one) => one.file === name);
          const result = file?.scenarios.find((one) => one.name === scenario.name);
          assert.ok(result, file?.error ?? 'the scenario was not run');
          const faults = result.variants.flatMap(({ fault, failures }) =>
            failures.map((words) => `when ${fault.step} fails (${fault.kind}): ${words}`),
          );
          assert.deepEqual([...result.failures, ...faults], []);
          const asked = scenario.faultMatrix !== false;
          assert.equal(result.variants.length > 0, asked, 'the fault matrix ran where it was asked for');
        });
    });
  }
});
