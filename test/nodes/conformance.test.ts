/** Every node folder, whatever it is for. A new folder is held to this by being there. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { z } from 'zod';
import { generatedConnectors } from '../../lib/connectors/registry.gen';
import { compileMapping } from '../../lib/engine/expressions';
import { parseForm } from '../../nodes/common/config';
import { currentVersion, type Migration, type Properties } from '../../nodes/common/migrate';
import { readProject, root } from '../support';
import { nodeNames, nodesDir } from './support/flow';
import { Palette, partsOf, readNodeFile } from './support/palette';

interface FlowNode extends Record<string, unknown> {
  id: string;
  type: string;
  wires?: string[][];
}

/** Types of Node-RED itself that examples use. */
const coreTypes = ['tab', 'comment', 'debug', 'catch', 'switch', 'inject'];
const nodeVersions = (name: string): { migrations: readonly Migration[] } =>
  require(join(nodesDir, name, 'migrations.js'));
const formOf = (name: string): z.ZodObject => {
  const forms = Object.entries(require(join(nodesDir, name, 'form.js')) as Record<string, unknown>);
  return forms.find(([exported]) => exported.endsWith('Form'))?.[1] as z.ZodObject;
};
const examplesOf = (name: string): { file: string; flow: FlowNode[] }[] => {
  const folder = join(root, 'examples', name);
  const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
  return files.map((file) => ({
    file,
    flow: JSON.parse(readFileSync(join(folder, file), 'utf8')) as FlowNode[],
  }));
};
/** Names of a form's fields, as its schema has them. */
const fieldsOf = (form: z.ZodType): string[] => Object.keys((form as z.ZodObject).shape).sort();
const sorted = (words: Iterable<string>): string[] => [...words].sort();

describe('The palette', () => {
  it('is listed in package.json as the folders are', () => {
    const check = spawnSync(process.execPath, [join(root, 'scripts', 'generate-nodes.mjs'), '--check'], {
      encoding: 'utf8',
    });
    assert.equal(check.status, 0, check.stderr);
    const listed = JSON.parse(readProject('package.json')) as {
      'node-red': { nodes: Record<string, string> };
    };
    assert.deepEqual(
      sorted(Object.keys(listed['node-red'].nodes)),
      sorted(nodeNames.map((name) => `reroute-${name}`)),
    );
  });

  it('has an example folder for nothing that is not a node', () => {
    assert.deepEqual(sorted(readdirSync(join(root, 'examples'))), sorted(nodeNames));
  });
});

for (const name of nodeNames) {
  describe(`Node folder ${name}`, () => {
    const palette = new Palette(nodeNames);
    const type = `reroute-${name}`;
    const definition = palette.definitions.get(type);
    const { help, templateName, helpName } = partsOf(readNodeFile(name, 'node.html'));
    const template = palette.templateOf(name);

    it('registers under its type, in the palette category reroute, with a colour and its own icon', () => {
      assert.ok(definition, `${type} is not registered`);
      assert.equal(definition.category, name === 'partner' ? 'config' : 'reroute');
      assert.match(definition.color, /^#[0-9a-f]{6}$/);
      assert.ok(existsSync(join(nodesDir, name, 'icons', definition.icon)), definition.icon);
      assert.deepEqual([templateName, helpName], [type, type]);
    });

    it('has every label that the form, the palette and the outputs ask for', () => {
      const keys = [...template.matchAll(/data-i18n="(?:\[\w+\])?([^"]+)"/g)].map((match) => match[1] ?? '');
      for (const key of keys) palette.say(key, {}, name);
      const html = readNodeFile(name, 'node.html');
      for (const [, key = ''] of html.matchAll(/(?<!\.)\bsay\('([\w.-]+)'/g))
        palette.has(`${name}.${key}`, name);
      for (const [, at = '', key = ''] of html.matchAll(/Reroute\.say\('([\w-]+)', '([\w.-]+)'/g))
        palette.has(`${at}.${key}`, at);
      const runtime = new RegExp(`['"\`](${name}\\.(?:status|errors)\\.[\\w.]*)`, 'g');
      for (const [, key = ''] of readNodeFile(name, 'node.js').matchAll(runtime)) palette.has(key, name);
      assert.deepEqual([...palette.missing], []);
    });

    it('names each of its outputs', () => {
      const outputs = definition?.outputs ?? 0;
      for (let index = 0; index < outputs; index += 1) {
        const label = definition?.outputLabels.call({}, index);
        assert.ok(label && !label.includes('.outputs.'), `output ${index + 1}: ${label}`);
      }
    });

    it('explains itself: inputs, outputs and details', () => {
      for (const heading of ['Inputs', 'Outputs', 'Details'])
        assert.ok(help.includes(`<h3>${heading}</h3>`), heading);
      assert.ok((help.match(/<p>/g)?.length ?? 0) >= 2, 'a sentence on what it is for, and details');
    });

    it('keeps in the flow file exactly what its form reads', () => {
      assert.deepEqual(sorted(Object.keys(definition?.defaults ?? {})), fieldsOf(formOf(name)));
    });

    it('starts with the values that a new node has, or says which of them are missing', () => {
      const fresh = Object.fromEntries(
        Object.entries(definition?.defaults ?? {}).map(([field, { value }]) => [
          field,
          structuredClone(value),
        ]),
      );
      const form = formOf(name).safeParse(fresh);
      const missing = form.success
        ? []
        : [...new Set(form.error.issues.map((issue) => String(issue.path[0])))];
      const said = palette.problems(type, fresh).map((problem) => problem.split(':')[0]);
      const required = Object.entries(definition?.defaults ?? {})
        .filter(([, field]) => (field as { required?: boolean }).required)
        .map(([field]) => field);
      for (const field of missing)
        assert.ok(
          said.includes(field) || required.includes(field),
          `${field} is wrong in a new node, and the form does not say so`,
        );
    });

    it('has one field in the form for each property that is one input', () => {
      for (const id of template.matchAll(/id="node-(?:config-)?input-([\w-]+)"/g)) {
        assert.ok(definition?.defaults[id[1] ?? ''], `the form has a field ${id[1]} that is kept nowhere`);
      }
    });

    it('migrates from every earlier version of its properties', () => {
      const { migrations } = nodeVersions(name);
      const current = currentVersion(migrations);
      assert.equal(
        definition?.defaults.version?.value,
        current,
        'a new node is written in the current version',
      );
      for (let version = 1; version < current; version += 1) {
        const sample = JSON.parse(readProject(`test/nodes/versions/${name}.v${version}.json`)) as Properties;
        assert.equal(sample.version, version);
        parseForm(sample, formOf(name), migrations);
      }
    });

    describe('examples', () => {
      const examples = examplesOf(name);
      it('are there', () => assert.ok(examples.length > 0));
      for (const { file, flow } of examples) {
        it(`${file} can be imported and deployed as it is`, () => checkExample(name, flow, palette));
      }
    });
  });
}

function checkExample(name: string, flow: FlowNode[], palette: Palette): void {
  const ids = new Set(flow.map(({ id }) => id));
  assert.equal(ids.size, flow.length, 'every id once');
  assert.ok(flow.some(({ type }) => type === `reroute-${name}`));
  for (const node of flow) {
    for (const target of (node.wires ?? []).flat())
      assert.ok(ids.has(target), `${node.id} is wired to ${target}`);
    const own = nodeNames.find((one) => `reroute-${one}` === node.type);
    assert.ok(own ?? coreTypes.includes(node.type), node.type);
    if (own === undefined) continue;
    parseForm(node, formOf(own), nodeVersions(own).migrations);
    assert.deepEqual(palette.problems(node.type, node), [], node.id);
    checkOperation(flow, node);
    if (node.wires)
      assert.ok(
        node.wires.length <= Number(node.outputs ?? palette.definitions.get(node.type)?.outputs),
        `${node.id} has more wires than outputs`,
      );
  }
}

/** Partner, operation and mapping fit together. */
function checkOperation(flow: FlowNode[], node: FlowNode): void {
  if (typeof node.operation !== 'string' || node.operation === '') return;
  const partner = flow.find(({ id }) => id === node.partner);
  const connector = generatedConnectors.find(({ manifest }) => manifest.id === partner?.connector);
  assert.ok(connector, `${node.id}: no connector ${String(partner?.connector)}`);
  assert.ok(
    connector.operations.some(({ id }) => id === node.operation),
    `${node.id}: no operation ${node.operation}`,
  );
  compileMapping(String(node.input));
}
