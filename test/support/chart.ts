/**
 * Renders the chart's templates as Helm does, for what they use of its language: paths, `include`, `quote`, `default`, `toYaml`, `nindent`,
 * `if`, `range` over a map, `define`. Anything else is an error, so that a template never passes unread.
 */
import { stringify } from 'yaml';

type Value = unknown;
interface Scope {
  dot: Value;
  variables: Map<string, Value>;
  partials: Map<string, Node[]>;
}
type Node =
  | { kind: 'text'; text: string }
  | { kind: 'print'; pipeline: string }
  | { kind: 'if' | 'range'; head: string; body: Node[] };

const action = /\{\{(-)?\s*([\s\S]*?)\s*(-)?\}\}/g;

export class ChartRenderer {
  private readonly partials = new Map<string, Node[]>();

  constructor(private readonly context: Record<string, Value>) {}

  /** Takes in the `define`s of a helper file. */
  define(source: string): void {
    this.render(source);
  }

  render(source: string): string {
    const nodes = this.parse(source);
    return this.print(nodes, {
      dot: this.context,
      variables: new Map([['$', this.context]]),
      partials: this.partials,
    });
  }

  private parse(source: string): Node[] {
    const top: Node[] = [];
    const open: { head: string; body: Node[] }[] = [{ head: '', body: top }];
    let at = 0;
    let trimNext = false;
    const text = (end: number, trimEnd: boolean) => {
      let part = source.slice(at, end);
      if (trimNext) part = part.trimStart();
      if (trimEnd) part = part.trimEnd();
      open.at(-1)?.body.push({ kind: 'text', text: part });
    };
    for (const match of source.matchAll(action)) {
      const [whole, left, inner = '', right] = match;
      text(match.index, left !== undefined);
      at = match.index + whole.length;
      trimNext = right !== undefined;
      this.take(inner, open);
    }
    text(source.length, false);
    if (open.length !== 1) throw new Error(`${open.at(-1)?.head}: no end`);
    return top;
  }

  private take(inner: string, open: { head: string; body: Node[] }[]): void {
    const [word = '', ...rest] = inner.split(/\s+/);
    const here = open.at(-1)?.body ?? [];
    if (word === 'end') {
      if (open.length === 1) throw new Error('an end too many');
      open.pop();
    } else if (word === 'define') {
      const body: Node[] = [];
      this.partials.set((rest[0] ?? '').replaceAll('"', ''), body);
      open.push({ head: inner, body });
    } else if (word === 'if' || word === 'range') {
      const body: Node[] = [];
      here.push({ kind: word, head: rest.join(' '), body });
      open.push({ head: inner, body });
    } else here.push({ kind: 'print', pipeline: inner });
  }

  private print(nodes: Node[], scope: Scope): string {
    return nodes.map((node) => this.one(node, scope)).join('');
  }

  private one(node: Node, scope: Scope): string {
    if (node.kind === 'text') return node.text;
    if (node.kind === 'print') return String(this.evaluate(node.pipeline, scope));
    if (node.kind === 'if') return this.evaluate(node.head, scope) ? this.print(node.body, scope) : '';
    const [, key = '', name = '', path = ''] = /^(\$\w+),\s*(\$\w+)\s*:=\s*(.+)$/.exec(node.head) ?? [];
    // Go walks a map in the order of its keys.
    return Object.entries(this.evaluate(path, scope) as Record<string, Value>)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) =>
        this.print(node.body, {
          ...scope,
          dot: v,
          variables: new Map([...scope.variables, [key, k], [name, v]]),
        }),
      )
      .join('');
  }

  private evaluate(pipeline: string, scope: Scope): Value {
    const [first = '', ...filters] = pipeline.split(/\s*\|\s*/);
    return filters.reduce((value, filter) => this.filter(value, filter, scope), this.term(first, scope));
  }

  private term(term: string, scope: Scope): Value {
    const include = /^include "([^"]+)" \.$/.exec(term)?.[1];
    if (include !== undefined) {
      const partial = this.partials.get(include);
      if (!partial) throw new Error(`nothing is defined as ${include}`);
      return this.print(partial, scope);
    }
    const yaml = /^toYaml (\S+)$/.exec(term)?.[1];
    if (yaml !== undefined) return stringify(this.path(yaml, scope)).trimEnd();
    return this.path(term, scope);
  }

  private path(path: string, { dot, variables }: Scope): Value {
    const [head = '', ...names] = path.split('.');
    if (!/^(\$\w*)?(\.\w+)*$/.test(path) || path === '') throw new Error(`cannot read ${path}`);
    let value = head === '' ? dot : variables.get(head);
    for (const name of names) {
      const next = (value as Record<string, Value> | undefined)?.[name];
      if (next === undefined) throw new Error(`${path}: there is no ${name}`);
      value = next;
    }
    return value;
  }

  private filter(value: Value, filter: string, scope: Scope): Value {
    const [name = '', argument = ''] = filter.split(/\s+/);
    if (name === 'quote') return JSON.stringify(String(value));
    if (name === 'default') return value === '' ? this.path(argument, scope) : value;
    if (name === 'nindent') {
      const pad = ' '.repeat(Number(argument));
      return `\n${String(value).replace(/^(?=.)/gm, pad)}`;
    }
    throw new Error(`no filter ${filter}`);
  }
}
