/** The editor's side of the nodes without an editor: their scripts run against a palette that only keeps what they register. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import vm from 'node:vm';
import jsonata from 'jsonata';
import { nodesDir } from './flow';

export interface Definition {
  category: string;
  color: string;
  icon: string;
  inputs: number;
  outputs: number;
  paletteLabel: string;
  inputLabels: string;
  defaults: Record<
    string,
    { value: unknown; type?: string; validate?(this: object, value: unknown): true | string | boolean }
  >;
  outputLabels(this: object, index: number): string | undefined;
  label(this: object): string;
}

type Catalogue = { [key: string]: string | Catalogue };

export const readNodeFile = (name: string, file: string): string =>
  readFileSync(join(nodesDir, name, file), 'utf8');
const catalogueOf = (name: string): Catalogue => {
  const file = name === 'common' ? 'locales/en-US/editor.json' : 'locales/en-US/node.json';
  return JSON.parse(readNodeFile(name, file)) as Catalogue;
};

/** The parts of a node's html. */
export function partsOf(html: string): {
  template: string;
  help: string;
  script: string;
  templateName?: string;
  helpName?: string;
} {
  const part = (pattern: RegExp) => pattern.exec(html);
  const template = part(/<script type="text\/html" data-template-name="([^"]*)">([\s\S]*?)<\/script>/);
  const help = part(/<script type="text\/html" data-help-name="([^"]*)">([\s\S]*?)<\/script>/);
  const script = part(/<script type="text\/javascript">([\s\S]*?)<\/script>/);
  return {
    template: template?.[2] ?? '',
    help: help?.[2] ?? '',
    script: script?.[1] ?? '',
    ...(template?.[1] ? { templateName: template[1] } : {}),
    ...(help?.[1] ? { helpName: help[1] } : {}),
  };
}

export class Palette {
  readonly definitions = new Map<string, Definition>();
  /** Forms that scripts put in place of an empty template. */
  readonly templates = new Map<string, string>();
  /** Keys that were asked for and are in no catalogue. */
  readonly missing = new Set<string>();
  private readonly catalogues = new Map<string, Catalogue>();
  private readonly context: vm.Context;

  constructor(names: readonly string[]) {
    this.catalogues.set('reroute/reroute-editor', catalogueOf('common'));
    for (const name of names) this.catalogues.set(`reroute/reroute-${name}`, catalogueOf(name));
    const RED = {
      _: (key: string, values: Record<string, unknown> = {}) => this.say(key, values),
      nodes: {
        registerType: (type: string, definition: Definition) => void this.definitions.set(type, definition),
        node: () => undefined,
      },
      notify: () => undefined,
    };
    const $ = (selector: string) => ({
      html: (text: string) => void this.templates.set(/reroute-[a-z-]+/.exec(selector)?.[0] ?? '', text),
    });
    this.context = vm.createContext({ window: {}, RED, $, jsonata, structuredClone });
    vm.runInContext(
      `${partsOf(readNodeFile('common', 'editor.html')).script}\nvar Reroute = window.Reroute;`,
      this.context,
    );
    for (const name of names) vm.runInContext(partsOf(readNodeFile(name, 'node.html')).script, this.context);
  }

  /** A sentence of a catalogue; `key` names the catalogue before a colon, or belongs to `name`. */
  say(key: string, values: Record<string, unknown> = {}, name?: string): string {
    const [path = '', namespace] = key.split(':').reverse();
    const found = path
      .split('.')
      .reduce<string | Catalogue | undefined>(
        (at, part) => (typeof at === 'object' ? at[part] : undefined),
        this.catalogues.get(namespace ?? `reroute/reroute-${name}`),
      );
    if (typeof found !== 'string') {
      this.missing.add(`${name ?? ''} ${key}`.trim());
      return key;
    }
    return found.replace(/__(\w+?)__/g, (_, word: string) => String(values[word]));
  }

  /** Looks a key up; one that ends with a dot is the beginning of several, which must be there as a group. */
  has(key: string, name: string): void {
    if (!key.endsWith('.')) {
      this.say(key, {}, name);
      return;
    }
    const group = key
      .slice(0, -1)
      .split('.')
      .reduce<string | Catalogue | undefined>(
        (at, part) => (typeof at === 'object' ? at[part] : undefined),
        this.catalogues.get(`reroute/reroute-${name}`),
      );
    if (typeof group !== 'object') this.missing.add(`${name} ${key}`);
  }

  /** The form as the editor draws it. */
  templateOf(name: string): string {
    return this.templates.get(`reroute-${name}`) ?? partsOf(readNodeFile(name, 'node.html')).template;
  }

  /** Sentences that the form says about these properties; empty when it finds them right. */
  problems(type: string, properties: Record<string, unknown>): string[] {
    const definition = this.definitions.get(type);
    if (!definition) return [`${type} is not registered`];
    return Object.entries(definition.defaults).flatMap(([field, { validate }]) => {
      const verdict = validate?.call({ ...properties, _def: definition }, properties[field]) ?? true;
      return verdict === true ? [] : [`${field}: ${String(verdict)}`];
    });
  }
}
