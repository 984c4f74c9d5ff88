import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root, tempDir } from './support';

/** What the arrow check says about a project folder, one sentence an offence. */
function offences(folder: string): string[] {
  const check = join(root, 'scripts', 'check-arrows.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [check, '--root', folder], {
    encoding: 'utf8',
  });
  assert.equal(stderr, '');
  const lines = stdout.split('\n').filter((line) => line !== '');
  assert.equal(status, lines.length > 0 ? 1 : 0);
  return lines;
}

/** A project of the given files. */
function projectOf(files: Record<string, string>): string {
  const folder = tempDir('arrows');
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const single = (name: string, text: string): string[] => offences(projectOf({ [name]: text }));

describe('The architecture', () => {
  it('has imports that point one way, and no circles', () => {
    assert.deepEqual(offences(root), []);
  });
});

describe('The arrow check', () => {
  const refused: [name: string, text: string, says: RegExp][] = [
    ['lib/model/a.ts', "import { x } from '../engine/x';", /^lib\/model\/a\.ts:1: model imports engine/],
    ['lib/model/a.ts', "import type { x } from '../ledger/port';", /model imports ledger/],
    ['lib/model/a.ts', "import { readFileSync } from 'node:fs';", /the model is pure/],
    [
      'lib/connectors/ups/index.ts',
      "\n\nimport { y } from '../../ledger/port';",
      /^lib\/connectors\/ups\/index\.ts:3: /,
    ],
    ['lib/connectors/ups/index.ts', "import { Node } from 'node-red';", /knows nothing of Node-RED/],
    ['lib/ledger/sqlite/a.ts', "export * from '../../engine/runs';", /ledger imports engine/],
    ['lib/engine/a.ts', "const g = await import('../gateway/gateway');", /engine imports gateway/],
    ['lib/gateway/a.ts', "const c = require('../cli/main');", /gateway imports cli/],
    ['nodes/wms/node.ts', "import { request } from 'node:http';", /a node opens no socket/],
    ['nodes/wms/node.ts', "import { DatabaseSync } from 'node:sqlite';", /writes no SQL/],
    ['sandbox/a.ts', "import { e } from '../lib/engine/engine';", /sandbox imports engine/],
    [
      'lib/engine/a.ts',
      "import {\n  first,\n  second,\n} from '../../test/support';",
      /^lib\/engine\/a\.ts:4: engine imports test/,
    ],
    ['lib/model/a.ts', "import '../engine/side-effect';", /model imports engine/],
    ['lib/attic/a.ts', 'export {};', /the folder has no place in the house/],
  ];
  for (const [name, text, says] of refused) {
    it(`refuses ${JSON.stringify(text.trim())} in ${name}`, () => {
      const found = single(name, text);
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0] ?? '', says);
    });
  }

  const allowed: [name: string, text: string][] = [
    ['lib/engine/a.ts', "import { l } from '../ledger/port';\nimport { m } from '../model/fact';"],
    ['lib/connectors/ups/index.ts', "import { z } from 'zod';\nimport { c } from '../kit/connector';"],
    ['nodes/wms/node.ts', "import { e } from '../../lib/engine/api';"],
    ['lib/dispatch/port.ts', "import type { Lease } from '../ledger/port';"],
    [
      'lib/model/a.ts',
      "// import { x } is what '../engine/x' would need\nexport const from = '../engine/x';",
    ],
  ];
  for (const [name, text] of allowed) {
    it(`accepts ${JSON.stringify(text)} in ${name}`, () => assert.deepEqual(single(name, text), []));
  }

  it('finds a circle and shows its way', () => {
    const found = offences(
      projectOf({
        'lib/model/a.ts': "import { b } from './b';",
        'lib/model/b.ts': "import { c } from './c';",
        'lib/model/c/index.ts': "import { a } from '../a';",
      }),
    );
    assert.deepEqual(found, [
      'lib/model/a.ts:1: circle: lib/model/a.ts -> lib/model/b.ts -> lib/model/c/index.ts -> lib/model/a.ts',
    ]);
  });

  it('takes a circle of types alone for none, since none is left at run time', () => {
    const files = {
      'lib/model/a.ts': "import type { B } from './b';",
      'lib/model/b.ts': "import { a } from './a';",
    };
    assert.deepEqual(offences(projectOf(files)), []);
  });
});
