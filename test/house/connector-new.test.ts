/** `reroute connector new` in a copy of the checkout: what it writes builds, passes the suites and the linter as it is. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, tempDir } from '../support';

const kinds = ['carrier', 'edi'] as const;
const suites = ['conformance', 'operations', 'contracts', 'fuzz'];

describe('A new connector', function () {
  this.timeout(180_000);
  let checkout: string;

  const run = (command: string, ...args: string[]) =>
    spawnSync(process.execPath, [join(root, command), ...args], { cwd: checkout, encoding: 'utf8' });
  const make = (id: string, ...args: string[]) =>
    run('dist/lib/cli/main.js', 'connector', 'new', id, ...args);
  const built = (result: ReturnType<typeof run>) =>
    assert.equal(result.status, 0, `${result.stdout.slice(-4000)}${result.stderr.slice(-2000)}`);

  before(() => {
    checkout = tempDir('checkout');
    const suite = (name: string) => `test/connectors/${name}.test.ts`;
    for (const name of [
      'lib',
      'test/connectors/support',
      ...suites.map(suite),
      'scripts',
      'tsconfig.json',
      'package.json',
      'biome.json',
    ])
      cpSync(join(root, name), join(checkout, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(checkout, 'node_modules'));
    const options = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as object;
    const narrow = { ...options, include: ['lib/connectors/**/*.ts', 'test/connectors/**/*.ts'] };
    writeFileSync(join(checkout, 'tsconfig.json'), JSON.stringify(narrow));
  });

  it('builds and passes the suites of connectors', () => {
    for (const kind of kinds) built(make(`demo-${kind}`, '--kind', kind, '--title', `Demo's ${kind}`));
    built(run('node_modules/typescript/lib/tsc.js', '-p', '.', '--incremental', 'false'));
    cpSync(join(checkout, 'lib/connectors'), join(checkout, 'dist/lib/connectors'), {
      recursive: true,
      filter: (file) => !file.endsWith('.ts'),
    });
    const files = suites.map((name) => `dist/test/connectors/${name}.test.js`);
    const tested = run('node_modules/mocha/bin/mocha.js', '--reporter', 'dot', '-g', 'demo-', ...files);
    built(tested);
    const passing = Number(/(\d+) passing/.exec(tested.stdout)?.[1]);
    assert.ok(passing >= kinds.length * 15, tested.stdout);
  });

  it('is written as the linter wants it', () => {
    const folders = kinds.map((kind) => `lib/connectors/demo-${kind}`);
    const biome = run('node_modules/@biomejs/biome/bin/biome', 'ci', '--diagnostic-level=warn', ...folders);
    built(biome);
  });

  it('is listed by the generated registry', () => {
    assert.match(readFileSync(join(checkout, 'lib/connectors/registry.gen.ts'), 'utf8'), /demoCarrier/);
  });

  it('is refused under a name that is taken or none, and outside of a checkout', () => {
    for (const [id, code] of [
      ['ups', /is there already/],
      ['../x', /is no name/],
    ] as const) {
      const refused = make(id, '--kind', 'carrier', '--title', 'x');
      assert.equal(refused.status, 1, id);
      assert.match(refused.stderr, code);
    }
    assert.equal(existsSync(join(checkout, 'lib', 'x')), false);
    const outside = make('fine', '--kind', 'carrier', '--title', 'x', '--root', tempDir('nowhere'));
    assert.match(outside.stderr, /no lib\/connectors\/kit/);
  });
});
