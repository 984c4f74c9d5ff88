// Writes the "node-red" nodes and plugins of package.json from the folders under nodes/. `--check` fails when they are stale.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const packageFile = join(root, 'package.json');
const nodesDir = join(root, 'nodes');

/** A palette node is a folder with a node.ts; `common` holds what they share. Config nodes come first: the others name them. */
export function nodeFolders() {
  const names = readdirSync(nodesDir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && existsSync(join(nodesDir, entry.name, 'node.ts')))
    .map((entry) => entry.name)
    .sort();
  return [...names.filter((name) => name === 'partner'), ...names.filter((name) => name !== 'partner')];
}

const before = readFileSync(packageFile, 'utf8');
const manifest = JSON.parse(before);
const nodes = Object.fromEntries(
  nodeFolders().map((name) => [`reroute-${name}`, `dist/nodes/${name}/node.js`]),
);
/** What is added to the editor beside nodes is a folder with a plugin.html. */
const folders = readdirSync(nodesDir)
  .filter((name) => existsSync(join(nodesDir, name, 'plugin.html')))
  .sort();
const plugins = {
  'reroute-editor': 'dist/nodes/common/editor.html',
  ...Object.fromEntries(folders.map((name) => [`reroute-${name}`, `dist/nodes/${name}/plugin.html`])),
};
manifest['node-red'] = { ...manifest['node-red'], version: '>=5.0.0', nodes, plugins };
const after = `${JSON.stringify(manifest, null, 2)}\n`;

if (after === before) process.exit(0);
if (process.argv.includes('--check')) {
  console.error(
    'package.json lists other nodes than the folders under nodes/: run `node scripts/generate-nodes.mjs`.',
  );
  process.exit(1);
}
writeFileSync(packageFile, after);
