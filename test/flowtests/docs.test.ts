import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readProject, root, tempDir } from '../support';
import { flowsTest } from './command';

/** Examples of the page that stand behind `<!-- run: FLOW -->`. */
const examples = [
  ...readProject('docs/flow-tests.md').matchAll(/<!-- run: ([\w-]+) -->\n```yaml\n(.*?)```/gs),
].map(([, flow = '', text = '']) => ({ flow, text }));

describe('the page about flow tests', () => {
  it('shows examples that pass', async function () {
    this.timeout(30_000);
    assert.ok(examples.length > 0);
    const folder = join(tempDir('flowtest-docs'), 'flows', 'global');
    mkdirSync(folder, { recursive: true });
    for (const name of ['config', 'intake', ...examples.map(({ flow }) => flow)])
      copyFileSync(join(root, 'flows', 'global', `${name}.json`), join(folder, `${name}.json`));
    for (const [index, { flow, text }] of examples.entries())
      writeFileSync(join(folder, `${flow}-${index}.flowtest.yaml`), text);
    const report = await flowsTest(folder);
    assert.deepEqual(
      report.files.flatMap(({ error, scenarios }) => [
        error,
        ...scenarios.flatMap(({ failures }) => failures),
      ]),
      report.files.map(() => undefined),
    );
    assert.equal(report.passed, examples.length);
  });
});
