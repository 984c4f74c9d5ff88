// Holds the import arrows of the house: which folder may import which, what nodes and connectors never touch, and no
// circles. Prints each offence as `file:line: sentence` and exits 1 when there is one.
//   node scripts/check-arrows.mjs [--root FOLDER]
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const engineAndBelow = ['model', 'config', 'telemetry', 'connectors', 'ledger', 'dispatch', 'engine'];

/** part of the house -> the other parts that it may import. A part that is not listed is an offence by itself. */
const ARROWS = {
  model: [],
  config: ['model'],
  telemetry: ['model', 'config'],
  connectors: ['model'],
  ledger: ['model'],
  dispatch: ['model'],
  engine: ['model', 'config', 'telemetry', 'connectors', 'ledger', 'dispatch'],
  nodes: engineAndBelow,
  flowfiles: engineAndBelow,
  flowtests: [...engineAndBelow, 'flowfiles'],
  bus: engineAndBelow,
  gateway: [...engineAndBelow, 'flowfiles', 'flowtests'],
  runtime: [...engineAndBelow, 'flowfiles', 'flowtests', 'bus', 'gateway', 'nodes', 'sandbox'],
  cli: [...engineAndBelow, 'flowfiles', 'flowtests', 'bus', 'gateway', 'runtime', 'sandbox'],
  settings: [...engineAndBelow, 'flowfiles', 'bus', 'gateway', 'runtime'],
  sandbox: ['model', 'connectors'],
  bench: [...engineAndBelow, 'flowfiles', 'flowtests', 'bus', 'gateway', 'runtime', 'sandbox'],
};

/**
 * Contracts that a part beside the owner may name as types: they are gone at run time, so no code depends on code.
 * Leases belong to the ledger and dispatch hands them out; an effect keeps how safe the connector said it is to repeat.
 */
const TYPE_CONTRACTS = {
  dispatch: [join('lib', 'ledger', 'port')],
  ledger: [join('lib', 'connectors', 'kit', 'connector')],
};

/** part -> packages and built-in modules that it never imports, and why. */
const FORBIDDEN = {
  model: [[/^node:(?!crypto$)|^node-red/, 'the model is pure: values in, values out']],
  connectors: [[/^(node-red|@node-red)/, 'a connector knows nothing of Node-RED']],
  nodes: [
    [
      /^node:(http|https|http2|net|tls|dgram|sqlite)$|^undici$|^pg$/,
      'a node opens no socket and writes no SQL',
    ],
  ],
};

const IMPORT = /(?:^|[^.\w])(?:import|export)\s+(type\s)?[^'";]*?from\s*['"]([^'"]+)['"]/g;
const OTHER_IMPORT = /(?:\bimport\s*\(\s*|\brequire\s*\(\s*|^\s*import\s+)['"]([^'"]+)['"]/gm;

function* sourceFiles(dir) {
  for (const entry of existsSync(dir) ? readdirSync(dir, { withFileTypes: true }) : []) {
    const path = join(dir, entry.name);
    if (entry.isDirectory()) yield* sourceFiles(path);
    else if (entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts')) yield path;
  }
}

/** `lib/engine/runs/x.ts` belongs to `engine`; what stands beside the parts belongs to none. */
function partOf(path) {
  const [first = '', second = ''] = path.split(sep);
  if (first === 'settings.ts') return 'settings';
  if (first !== 'lib') return first;
  return second.replace(/\.ts$/, '');
}

/** Every import of a source text: what it names, the line, and whether only types come through. */
function importsOf(text) {
  const lineAt = (index) => text.slice(0, index).split('\n').length;
  const found = [];
  for (const match of text.matchAll(IMPORT)) {
    const at = match.index + match[0].length;
    found.push({ name: match[2], line: lineAt(at), typeOnly: match[1] !== undefined });
  }
  for (const match of text.matchAll(OTHER_IMPORT)) {
    found.push({ name: match[1], line: lineAt(match.index + match[0].length), typeOnly: false });
  }
  return found;
}

function targetOf(file, name) {
  const base = resolve(dirname(file), name.replace(/\.js$/, ''));
  return [`${base}.ts`, join(base, 'index.ts'), base].find(
    (path) => path.endsWith('.ts') && existsSync(path),
  );
}

function offenceOf(root, file, one) {
  const part = partOf(relative(root, file));
  if (!one.name.startsWith('.')) {
    const rule = (FORBIDDEN[part] ?? []).find(([pattern]) => pattern.test(one.name));
    return rule && `${part} imports ${one.name}: ${rule[1]}`;
  }
  const path = relative(root, resolve(dirname(file), one.name));
  if (one.typeOnly && TYPE_CONTRACTS[part]?.includes(path)) return undefined;
  const target = partOf(path);
  if (target === part || ARROWS[part]?.includes(target)) return undefined;
  return `${part} imports ${target} (${one.name}): it may import ${ARROWS[part]?.join(', ') || 'nothing of ours'}`;
}

/** Circles among files; an `import type` is gone at run time and makes none. */
function circlesOf(graph) {
  const done = new Set();
  const circles = [];
  const visit = (file, path) => {
    if (path.includes(file)) circles.push([...path.slice(path.indexOf(file)), file]);
    if (done.has(file) || path.includes(file)) return;
    for (const next of graph.get(file) ?? []) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return circles;
}

/** @returns one sentence an offence, with file and line, in the order of the files. */
export function findOffences(root) {
  const files = ['lib', 'nodes', 'sandbox', 'bench']
    .flatMap((dir) => [...sourceFiles(join(root, dir))])
    .sort();
  if (existsSync(join(root, 'settings.ts'))) files.push(join(root, 'settings.ts'));
  const offences = [];
  const graph = new Map();
  for (const file of files) {
    const name = relative(root, file);
    if (!(partOf(name) in ARROWS)) {
      offences.push(
        `${name}:1: the folder has no place in the house; give it one in scripts/check-arrows.mjs`,
      );
      continue;
    }
    const imports = importsOf(readFileSync(file, 'utf8'));
    for (const one of imports) {
      const offence = offenceOf(root, file, one);
      if (offence) offences.push(`${name}:${one.line}: ${offence}`);
    }
    const solid = imports.filter((one) => !one.typeOnly && one.name.startsWith('.'));
    graph.set(file, solid.map((one) => targetOf(file, one.name)).filter(Boolean));
  }
  const names = (circle) => circle.map((file) => relative(root, file));
  for (const circle of circlesOf(graph)) {
    offences.push(`${names(circle)[0]}:1: circle: ${names(circle).join(' -> ')}`);
  }
  return offences;
}

const here = fileURLToPath(import.meta.url);
if (process.argv[1] && resolve(process.argv[1]) === here) {
  const at = process.argv.indexOf('--root');
  const offences = findOffences(at > 0 ? resolve(process.argv[at + 1]) : join(dirname(here), '..'));
  for (const offence of offences) console.log(offence);
  process.exitCode = offences.length > 0 ? 1 : 0;
}
