import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { packageManifest, readProject, root, startProcess } from '../support';

interface Step {
  instruction: string;
  rest: string;
}

interface Stage {
  image: string;
  name: string | undefined;
  steps: Step[];
}

/** The Dockerfile as stages of instructions: comments gone, continued lines joined. */
function stagesOf(text: string): Stage[] {
  const lines = text
    .replace(/^#.*\n/gm, '')
    .replace(/\\\n\s*/g, ' ')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const stages: Stage[] = [];
  for (const line of lines) {
    const [instruction = '', ...words] = line.split(/\s+/);
    if (instruction === 'FROM') stages.push({ image: words[0] ?? '', name: words[2], steps: [] });
    else stages.at(-1)?.steps.push({ instruction, rest: words.join(' ') });
  }
  return stages;
}

const stages = stagesOf(readProject('Dockerfile'));
const final = stages.at(-1) ?? { image: '', name: undefined, steps: [] };
const all = (stage: Stage, instruction: string): string[] =>
  stage.steps.filter((step) => step.instruction === instruction).map(({ rest }) => rest);
const indexOf = (instruction: string): number =>
  final.steps.findIndex((step) => step.instruction === instruction);
const jsonOf = (text: string): string[] => JSON.parse(text.slice(text.indexOf('['))) as string[];

/** What COPY takes from the project folder. */
const copied = stages
  .flatMap((stage) => all(stage, 'COPY'))
  .filter((rest) => !rest.startsWith('--from='))
  .flatMap((rest) => rest.split(' ').slice(0, -1));

describe('The container image', () => {
  it('compiles and installs in stages of their own and ships neither compiler nor tests', () => {
    assert.deepEqual(
      stages.map(({ name }) => name),
      ['build', 'dependencies', undefined],
    );
    assert.equal(copied.includes('test'), false);
    const production = stages[1] ? all(stages[1], 'RUN').join('\n') : '';
    assert.match(production, /npm ci --omit=dev/);
    assert.match(production, /rm -rf .*node_modules\/typescript/, 'an optional peer brings the compiler in');
    const sources = all(final, 'COPY').filter((rest) => !rest.startsWith('--from'));
    assert.equal(
      sources.some((rest) => /\b(lib|nodes|scripts)\b/.test(rest)),
      false,
    );
  });

  it('stands on the Node version that the product runs on', () => {
    const { version } = JSON.parse(readProject('node_modules/node/package.json')) as { version: string };
    for (const { image } of stages) assert.equal(image, `node:${version.split('.')[0]}-bookworm-slim`);
  });

  it('copies only what exists, and the ignore file lets all of it through', () => {
    const allowed = readProject('.dockerignore')
      .split('\n')
      .filter((line) => line.startsWith('!'))
      .map((line) => line.slice(1));
    assert.ok(copied.length > 0);
    for (const path of copied) {
      assert.ok(existsSync(join(root, path)), `${path} is copied, but does not exist`);
      assert.ok(allowed.includes(path), `${path} is copied, but .dockerignore holds it back`);
    }
    assert.deepEqual(
      allowed.filter((path) => !copied.includes(path)),
      [],
      'let through, but never copied',
    );
  });

  it('takes from other stages only folders that they make', () => {
    const taken = stages.flatMap((stage) => all(stage, 'COPY')).filter((rest) => rest.startsWith('--from='));
    for (const rest of taken) {
      const [, from, path] = /^--from=(\S+) (\S+)/.exec(rest) ?? [];
      assert.ok(
        stages.some(({ name }) => name === from),
        `no stage is called ${from}`,
      );
      assert.ok(['/app/dist', '/app/node_modules'].includes(path ?? ''), `${path} is made by no step`);
    }
  });

  it('runs as a plain user, set before the command and after the last step that needs root', () => {
    assert.deepEqual(all(final, 'USER'), ['node']);
    assert.ok(indexOf('USER') < indexOf('CMD'));
    assert.ok(indexOf('USER') > final.steps.findLastIndex(({ instruction }) => instruction === 'RUN'));
  });

  it('writes to /data and /tmp alone, so that the root file system may be read-only', () => {
    const variables = all(final, 'ENV').join(' ');
    assert.deepEqual(all(final, 'VOLUME'), ['/data']);
    for (const setting of ['NODE_ENV=production', 'REROUTE_DATA_DIR=/data', 'HOME=/tmp', 'HOST=0.0.0.0']) {
      assert.ok(variables.split(' ').includes(setting), `${setting} is missing`);
    }
  });

  it('starts what the build makes, so that signals reach it without a shell between', () => {
    assert.deepEqual(jsonOf(all(final, 'CMD').join('')), ['node', 'dist/lib/cli/main.js', 'start']);
    assert.ok(existsSync(join(root, 'lib', 'cli', 'main.ts')));
  });

  it('is unhealthy when nobody answers and healthy when /healthz does', async () => {
    const [program = '', ...args] = jsonOf(all(final, 'HEALTHCHECK').join(''));
    assert.equal(program, 'node');
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.writeHead(asked.length === 1 ? 200 : 503).end();
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const env = { ...process.env, PORT: String((server.address() as AddressInfo).port) };
    const check = async (): Promise<number | null> =>
      (await (await startProcess(process.execPath, args, { env })).exited).code;
    assert.deepEqual([await check(), await check()], [0, 1]);
    await new Promise((resolve) => server.close(resolve));
    assert.equal(await check(), 1);
    assert.deepEqual(asked, ['/healthz', '/healthz']);
  });
});

describe('The parts that the image is built from', () => {
  /** Every module that the sources import; the conformance suites beside a port are for tests and never loaded. */
  const imported = spawnSync(
    'grep',
    [
      '-rnohE',
      '--exclude-dir=conformance',
      "(from|import\\(|require\\() ?'[^']+'",
      'lib',
      'nodes',
      'settings.ts',
    ],
    {
      cwd: root,
      encoding: 'utf8',
    },
  );
  const names = imported.stdout.split('\n').map((line) => /'([^']+)'/.exec(line)?.[1] ?? '');

  it('import nothing of the folders that are not in the image', () => {
    assert.ok(names.includes('zod'));
    assert.deepEqual(
      names.filter((name) => /^(\.\.\/)+(test|bench|sandbox)\//.test(name)),
      [],
    );
  });

  it('import no package that is installed for development alone', () => {
    const { dependencies, devDependencies } = packageManifest();
    const development = Object.keys(devDependencies).filter((name) => !(name in dependencies));
    const taken = names.filter((name) =>
      development.some((one) => name === one || name.startsWith(`${one}/`)),
    );
    assert.deepEqual(taken, []);
  });
});
