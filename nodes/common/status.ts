/** Status below a node, after Node-RED's conventions: dot = it happened, ring = it is about to or waits; said only when it changes. */
import type { RuntimeNode } from './runtime';

const shapes = {
  /** The last message went through. */
  ok: { fill: 'green', shape: 'dot' },
  /** Something outside is being asked. */
  working: { fill: 'blue', shape: 'dot' },
  /** A message is parked. */
  waiting: { fill: 'blue', shape: 'ring' },
  /** The last message needs somebody's eye, but nothing is broken. */
  attention: { fill: 'yellow', shape: 'dot' },
  /** Nobody knows how the last action ended. */
  unknown: { fill: 'yellow', shape: 'ring' },
  /** The last message failed. */
  failed: { fill: 'red', shape: 'dot' },
  /** The node cannot work as it is configured. */
  invalid: { fill: 'red', shape: 'ring' },
} as const;
export type StatusKind = keyof typeof shapes;

/** Longest text that stays readable below a node. */
const maxChars = 60;

export class StatusLine {
  private shown = '';

  constructor(private readonly node: Pick<RuntimeNode, 'status'>) {}

  /** Each change goes to every open editor, so an unchanged status is not sent again: it costs nothing per message. */
  show(kind: StatusKind, text: string): void {
    const cut = text.length > maxChars ? `${text.slice(0, maxChars - 1)}…` : text;
    const next = `${kind}:${cut}`;
    if (next === this.shown) return;
    this.shown = next;
    this.node.status({ ...shapes[kind], text: cut });
  }

  clear(): void {
    if (this.shown === '') return;
    this.shown = '';
    this.node.status({});
  }
}
