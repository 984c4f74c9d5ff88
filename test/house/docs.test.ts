import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageManifest, readProject, root } from '../support';

/** First cells of the tables under a heading. */
function listed(page: string, heading: string): string[] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading)) ?? '';
  return [...section.matchAll(/^\| ([^|]+?) \| [^|]+ \|$/gm)]
    .map((match) => match[1] ?? '')
    .filter((name) => name !== 'package' && name !== '---');
}

describe('The page of dependencies', () => {
  const page = readProject('docs/dependencies.md');
  const { dependencies, devDependencies } = packageManifest();

  it('names every dependency of production with its purpose, and no other', () => {
    assert.deepEqual(listed(page, 'In production').sort(), Object.keys(dependencies).sort());
  });

  it('names every dependency of build and test with its purpose, and no other', () => {
    assert.deepEqual(listed(page, 'To build and test').sort(), Object.keys(devDependencies).sort());
  });

  it('is right that each one is pinned', () => {
    for (const [name, version] of Object.entries({ ...dependencies, ...devDependencies })) {
      assert.match(version, /^\d+\.\d+\.\d+$/, name);
    }
  });
});

interface Locked {
  version?: string;
  optional?: boolean;
  optionalDependencies?: Record<string, string>;
}

describe('The lock file', () => {
  const { packages } = JSON.parse(readProject('package-lock.json')) as { packages: Record<string, Locked> };

  /** Where `name` is found from a package, as Node looks for it: beside it, then further up. */
  const isLocked = (from: string, name: string): boolean => {
    const at = `${from === '' ? '' : `${from}/`}node_modules/${name}`;
    if (packages[at]?.version !== undefined) return true;
    return from !== '' && isLocked(from.slice(0, Math.max(0, from.lastIndexOf('/node_modules/'))), name);
  };

  it('holds the packages of every platform, or npm ci refuses it', () => {
    const absent = Object.entries(packages).flatMap(([from, { optionalDependencies = {} }]) =>
      Object.keys(optionalDependencies).filter((name) => !isLocked(from, name)),
    );
    assert.deepEqual(absent, [], 'npm install against a registry that has all platforms writes them');
  });

  it('names no registry, so that each machine uses its own', () => {
    assert.doesNotMatch(readProject('package-lock.json'), /"resolved"/);
  });
});

describe('The pages', () => {
  const tracked = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
    cwd: root,
    encoding: 'utf8',
  });
  const pages = tracked.stdout.split('\n').filter((name) => name !== '' && existsSync(join(root, name)));

  it('link only to files that exist', () => {
    assert.ok(pages.includes('README.md'));
    const broken: string[] = [];
    for (const page of pages) {
      for (const [, target = ''] of readProject(page).matchAll(/\]\((?!https?:|mailto:|#)([^)#]+)[^)]*\)/g)) {
        if (!existsSync(join(root, dirname(page), target))) broken.push(`${page}: ${target}`);
      }
    }
    assert.deepEqual(broken, []);
  });

  it('list every decision', () => {
    const files = readdirSync(join(root, 'docs', 'decisions')).filter((name) => /^\d{4}-/.test(name));
    const index = readProject('docs/decisions/README.md');
    assert.ok(files.length >= 5);
    for (const file of files) assert.ok(index.includes(`(${file})`), `${file} is not in the list`);
  });
});

describe('The licence', () => {
  it('is the full text that package.json names', () => {
    const text = readProject('LICENSE');
    assert.match(text, /Apache License\s+Version 2\.0, January 2004/);
    assert.match(text, /END OF TERMS AND CONDITIONS/);
    assert.match(readProject('package.json'), /"license": "Apache-2\.0"/);
  });
});
