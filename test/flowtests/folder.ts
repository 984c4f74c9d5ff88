/** A flows folder of a test's own: the repository's partners, intake and flows, with tests and changes as the test wants them. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FlowNode } from '../../lib/flowfiles/format';
import type { FileResult, ScenarioResult } from '../../lib/flowtests/run';
import { readProject, root, tempDir } from '../support';
import { flowsTest } from './command';

export class FlowsFolder {
  readonly path = join(tempDir('flowtests'), 'flows');

  constructor() {
    for (const name of ['config', 'intake', 'short-pick', 'delayed-delivery']) {
      const file = this.file(`global/${name}.json`);
      copyFileSync(join(root, 'flows', 'global', `${name}.json`), file);
    }
  }

  /** Path of a file below the folder; its own folder is there. */
  file(name: string): string {
    const path = join(this.path, name);
    mkdirSync(dirname(path), { recursive: true });
    return path;
  }

  write(name: string, text: string): this {
    writeFileSync(this.file(name), text);
    return this;
  }

  /** Another flow made from one of the repository's. */
  flow(name: string, from: string, edit: (node: FlowNode) => FlowNode): this {
    const nodes = JSON.parse(readProject(`flows/global/${from}.json`)) as FlowNode[];
    return this.write(name, JSON.stringify(nodes.map((node) => edit(structuredClone(node)))));
  }

  /** One of the repository's flow tests, changed as a text. */
  test(name: string, from: string, edit: (text: string) => string): this {
    return this.write(name, edit(readProject(`flows/global/${from}.flowtest.yaml`)));
  }

  async run(): Promise<Results> {
    return new Results((await flowsTest(this.path)).files);
  }

  read(name: string): string {
    return readFileSync(this.file(name), 'utf8');
  }
}

export class Results {
  constructor(private readonly files: FileResult[]) {}

  /** Of the only test file whose path ends so. */
  of(name: string): FileResult {
    const found = this.files.filter(({ file }) => file.endsWith(`${name}.flowtest.yaml`));
    const [only] = found;
    if (only === undefined || found.length > 1) throw new Error(`${found.length} files are called ${name}`);
    return only;
  }

  scenario(name: string, scenario = 0): ScenarioResult {
    const { scenarios, error } = this.of(name);
    const found = scenarios[scenario];
    if (!found) throw new Error(error ?? `${name} has no scenario ${scenario}`);
    return found;
  }

  /** What the fault matrix says, as `step kind: words`. */
  faults(name: string): string[] {
    return this.scenario(name).variants.flatMap(({ fault, failures }) =>
      failures.map((words) => `${fault.step} ${fault.kind}: ${words}`),
    );
  }
}
