import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CaseResult } from '../../lib/flowtests/backtest/model';
import { findTests, readTest } from '../../lib/flowtests/files';
import { Held } from '../runtime/held';
import { adminToken, command, environmentOf, Scene } from '../runtime/scene';
import { ordered, sendShortPick, stockElsewhere } from '../runtime/traffic';
import { root } from '../support';
import { flowsTest, printed } from './command';

describe('a recorded run', () => {
  it('is a capsule that passes on its flow and unchanged in a back-test, for every scenario of flows with many ways, people among them', async function () {
    this.timeout(120_000);
    const paths = findTests(
      ['short-pick', 'delayed-delivery', 'compliance-block', 'asn-mismatch'].map((name) =>
        join(root, 'flows', 'global', `${name}.json`),
      ),
    );
    const results = JSON.parse(await printed(join(__dirname, 'capsules.js'), paths)) as {
      name: string;
      failures: string[];
      backtest: CaseResult;
    }[];
    assert.equal(
      results.length,
      paths.reduce((sum, path) => sum + readTest(path).test.scenarios.length, 0),
    );
    assert.deepEqual(
      results.flatMap(({ name, failures }) => failures.map((words) => `${name}: ${words}`)),
      [],
    );
    assert.deepEqual(
      results.flatMap(({ name, backtest: { taken, decision, effects, assumed, error } }) =>
        taken && !decision && effects.length + assumed.length === 0 && error === undefined ? [] : [name],
      ),
      [],
    );
  });

  describe('of a whole runtime', () => {
    let scene: Scene;
    before(async () => {
      scene = await Scene.start('capsule');
    });
    after(() => scene?.stop());

    it('becomes a flow test that passes, by one command', async function () {
      this.timeout(60_000);
      const picked = await ordered(scene, 501);
      await stockElsewhere(scene, picked, '50');
      await sendShortPick(scene, picked, '6');
      const item = await new Held(scene, picked).caseIn(['VERIFIED']);
      const text = await printed(
        command,
        ['flows', 'capsule', `${item.id}.0`, '--target', scene.url, '--token', adminToken],
        environmentOf(scene.folder),
      );
      assert.match(text, /outcome: REALLOCATE/);
      const file = join(scene.folder, 'flows', 'global', 'short-pick.flowtest.yaml');
      writeFileSync(file, text);
      const report = await flowsTest(file);
      assert.deepEqual(
        report.files.flatMap(
          ({ error, scenarios }) => error ?? scenarios.flatMap(({ failures }) => failures),
        ),
        [],
      );
      assert.equal(report.passed, 1);
    });

    it('comes out the same in a back-test of its own flow, by one command', async function () {
      this.timeout(60_000);
      const text = await printed(
        command,
        [
          ...[
            'backtest',
            '--flow',
            'global/short-pick',
            '--candidate',
            join(root, 'flows', 'global', 'short-pick.json'),
          ],
          ...['--since', '1h', '--target', scene.url, '--token', adminToken],
        ],
        environmentOf(scene.folder),
      );
      assert.match(text, /^global\/short-pick: 1 cases of \d+ facts, 0 changed, 1 the same/);
    });

    it('is refused when nobody knows it', async () => {
      const answer = await fetch(`${scene.url}/api/v1/runs/none/capsule`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'idempotency-key': 'capsule-none' },
      });
      assert.equal(answer.status, 404);
    });
  });
});
