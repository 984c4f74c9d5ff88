import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findTests, readTest } from '../../lib/flowtests/files';
import { Held } from '../runtime/held';
import { adminToken, command, environmentOf, Scene } from '../runtime/scene';
import { ordered, sendShortPick, stockElsewhere } from '../runtime/traffic';
import { root } from '../support';
import { flowsTest } from './command';

async function printed(program: string, args: string[], env = process.env): Promise<string> {
  const child = spawn(process.execPath, [program, ...args], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    text += part;
  });
  await once(child, 'close');
  return text;
}

describe('the incident capsule', () => {
  it('of every scenario of the starter flows passes on its flow', async function () {
    this.timeout(60_000);
    const paths = findTests([join(root, 'flows', 'global')]);
    const results = JSON.parse(await printed(join(__dirname, 'capsules.js'), paths)) as {
      name: string;
      failures: string[];
    }[];
    assert.equal(
      results.length,
      paths.reduce((sum, path) => sum + readTest(path).test.scenarios.length, 0),
    );
    assert.deepEqual(
      results.flatMap(({ name, failures }) => failures.map((words) => `${name}: ${words}`)),
      [],
    );
  });

  describe('of a run of a whole runtime', () => {
    let scene: Scene;
    before(async () => {
      scene = await Scene.start('capsule');
    });
    after(() => scene?.stop());

    it('passes beside the flow, by one command', async function () {
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

    it('refuses a run that it does not know', async () => {
      const answer = await fetch(`${scene.url}/api/v1/runs/none/capsule`, {
        method: 'POST',
        headers: { authorization: `Bearer ${adminToken}`, 'idempotency-key': 'capsule-none' },
      });
      assert.equal(answer.status, 404);
    });
  });
});
