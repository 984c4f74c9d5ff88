/** The walk of docs/templates.md, typed command by command beside a running Reroute, as its reader does it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { commandsOf, wordsOf } from '../support/pages';
import { adminToken, command, environmentOf, type FlowNode, Scene } from './scene';

const run = promisify(execFile);

describe('the walk of docs/templates.md', function () {
  // Each command is a process, and some of them start another one.
  this.timeout(90_000);
  let scene: Scene;
  before(async () => {
    scene = await Scene.start('templates-walk');
    // Every step failing in turn is tested with the flow itself; here it would be so three times more.
    const tests = path('global/short-pick.flowtest.yaml');
    writeFileSync(tests, readFileSync(tests, 'utf8').replaceAll('faultMatrix: true', 'faultMatrix: false'));
  });
  after(() => scene?.stop());

  const path = (name: string) => join(scene.folder, 'flows', name);
  const nodesOf = (name: string) => JSON.parse(readFileSync(path(name), 'utf8')) as FlowNode[];
  const setting = (name: string): unknown => {
    const tab = nodesOf('regions/apac-sg/short-pick.json').find(({ type }) => type === 'tab');
    const env = (tab?.env ?? []) as { name: string; value: unknown }[];
    return env.find((one) => one.name === name)?.value;
  };
  const version = (): string =>
    (JSON.parse(readFileSync(path('regions/apac-sg/short-pick.clone.json'), 'utf8')) as { version: string })
      .version;
  async function running(id: string): Promise<FlowNode | undefined> {
    const headers = { authorization: `Bearer ${adminToken}` };
    const flows = (await (await fetch(`${scene.url}/editor/flows`, { headers })).json()) as FlowNode[];
    return flows.find((node) => node.id === id);
  }

  /** What the page says that somebody does meanwhile, by the command that follows. */
  const meanwhile: [RegExp, () => void][] = [
    [
      /templates add/,
      () => {
        const file = 'global/short-pick.json';
        const nodes = nodesOf(file).map((node) =>
          node.id === 'short-pick.note' ? { ...node, name: 'ERP note with location' } : node,
        );
        writeFileSync(path(file), JSON.stringify(nodes));
      },
    ],
  ];

  /** What the reader sees, or has, after a command. */
  const outcomes: [RegExp, (out: string) => void | Promise<void>][] = [
    [/templates list/, (out) => assert.match(out, /^short-pick 1\.0\.0: Short pick$/m)],
    [/templates clone/, () => assert.equal(setting('APPROVAL_LIMIT'), '2500')],
    [/--set BACKORDER_DAYS/, () => assert.equal(setting('BACKORDER_DAYS'), '9')],
    [/flows test/, (out) => assert.match(out, /[1-9]\d* passed, 0 failed/)],
    [
      /deploy .*for Singapore/,
      async () => assert.equal((await running('apac-sg.short-pick'))?.label, 'Short pick (apac-sg)'),
    ],
    [/templates add/, (out) => assert.match(out, /short-pick 1\.1\.0 is in/)],
    [
      /clones status$/,
      (out) => assert.match(out, /apac-sg short-pick 1\.0\.0: in-step, 1\.1\.0 is available/),
    ],
    [
      /--dry-run/,
      (out) => {
        assert.match(out, /would go from 1\.0\.0 to 1\.1\.0/);
        assert.match(out, /tests: [1-9]\d* passed, 0 failed/);
        assert.equal(version(), '1.0.0');
      },
    ],
    [/clones upgrade short-pick --region apac-sg$/, () => assert.equal(version(), '1.1.0')],
    [
      /deploy .*1\.1\.0/,
      async () => assert.equal((await running('apac-sg.short-pick.note'))?.name, 'ERP note with location'),
    ],
    [/rollback/, async () => assert.equal((await running('apac-sg.short-pick.note'))?.name, 'ERP note')],
    [/status --region apac-sg$/, (out) => assert.match(out, /1\.0\.0: in-step, 1\.1\.0 is available/)],
  ];

  const commands = commandsOf('docs/templates.md');

  for (const line of commands)
    it(line, async () => {
      const [npx, reroute, ...words] = wordsOf(line);
      assert.deepEqual([npx, reroute], ['npx', 'reroute']);
      for (const [when, act] of meanwhile) if (when.test(line)) act();
      const env = environmentOf(scene.folder, { PORT: new URL(scene.url).port });
      const { stdout } = await run(process.execPath, [command, ...words], { cwd: scene.folder, env });
      const expected = outcomes.filter(([when]) => when.test(line));
      assert.ok(expected.length > 0, 'nothing here knows what this command does');
      for (const [, look] of expected) await look(stdout);
    });

  it('has a command for each step', () => assert.ok(commands.length >= 11));
});
