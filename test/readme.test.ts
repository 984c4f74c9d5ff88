import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { routes } from '../lib/gateway/routes';
import { developmentToken } from '../lib/runtime/environment';
import { packageManifest, readProject } from './support';
import { onPath, postgresFolders } from './support/binaries';
import { commandsOf, wordsOf } from './support/pages';

function checkNpm([, ...words]: string[]): void {
  const script = words[0] === 'run' ? words[1] : words[0];
  assert.ok(packageManifest().scripts[script ?? ''], `package.json has no script ${script}`);
}

/** The command's own help knows every sub-command and option; asked on the compiled command line. */
function checkReroute([, , ...words]: string[]): void {
  const end = words.findIndex((word) => !/^[a-z]+$/.test(word));
  const subcommands = end < 0 ? words : words.slice(0, end);
  const takesArgument = words[subcommands.length]?.startsWith('-') === false;
  const cli = join(__dirname, '..', 'lib', 'cli', 'main.js');
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...subcommands, '--help'], {
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  assert.ok(
    stdout.includes(`Usage: reroute ${subcommands.join(' ')} `),
    `${subcommands.join(' ')} is no command:\n${stdout}`,
  );
  assert.equal(
    stdout.includes('\nArguments:\n'),
    takesArgument,
    `reroute ${words.join(' ')} has an argument too many or too few`,
  );
  for (const option of words.filter((word) => word.startsWith('--'))) {
    assert.ok(
      new RegExp(`^ +(-\\w, )?${option}\\b`, 'm').test(stdout),
      `${subcommands.join(' ')} has no ${option}`,
    );
  }
}

/** A call goes to the documented port with the development token, and to a path of the route table. */
function checkCurl(words: string[]): void {
  const url = new URL(words.at(-1) ?? '');
  assert.equal(url.origin, 'http://127.0.0.1:1880');
  const path = url.pathname.replace(/^\/api\/v1/, '');
  const pattern = (route: string): RegExp => new RegExp(`^${route.replace(/:\w+|\{\w+\}/g, '[^/]+')}$`);
  assert.ok(
    routes.some((route) => route.method === 'get' && pattern(route.path).test(path)),
    `no route answers GET ${path}`,
  );
  assert.ok(words.includes(`authorization: Bearer ${developmentToken}`));
}

/** A tool that comes with PostgreSQL, where the machine has it: its options are asked of it. */
function checkServerTool([tool = '', ...words]: string[]): void {
  const path = onPath(tool, postgresFolders());
  if (path === undefined) return;
  const { stdout } = spawnSync(path, ['--help'], { encoding: 'utf8' });
  for (const [option = ''] of words.filter((word) => word.startsWith('--')).map((word) => word.split('=')))
    assert.ok(stdout.includes(`${option}=`) || stdout.includes(`${option} `), `${tool} has no ${option}`);
}

function check(line: string): void {
  const words = wordsOf(line);
  if (words[0] === 'npm') checkNpm(words);
  else if (words[0] === 'npx' && words[1] === 'reroute') checkReroute(words);
  else if (words[0] === 'curl') checkCurl(words);
  else if (words[0] === 'pg_dump' || words[0] === 'pg_restore') checkServerTool(words);
  else assert.fail(`nothing here knows how to check this command: ${line}`);
}

for (const page of ['README.md', 'CONTRIBUTING.md', 'docs/operations.md']) {
  describe(`The commands of ${page}`, () => {
    const commands = commandsOf(page);
    it('are there', () => assert.ok(commands.length > 0));
    for (const line of new Set(commands)) it(`can be typed: ${line}`, () => check(line));
  });
}

describe('The first screen of the README', () => {
  const screen = readProject('README.md').split('\n## ')[0] ?? '';

  it('shows two commands and a picture', () => {
    assert.deepEqual(commandsOf('README.md').slice(0, 2), ['npm start', 'npm test']);
    assert.match(screen, /!\[[^\]]{20,}\]\(docs\/images\/overview\.svg\)/);
    assert.match(readProject('docs/images/overview.svg'), /<title[^>]*>[^<]+<\/title>/);
  });

  it('fits on a screen', () => {
    assert.ok(screen.split('\n').length <= 40);
  });
});
