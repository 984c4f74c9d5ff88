/** What two sides disagree about, by name, and what was chosen. */

/** Ours is the region, theirs the template. */
export type Side = 'ours' | 'theirs';

export const conflictKinds = {
  BOTH_CHANGED: 'both sides changed it, differently',
  BOTH_ADDED: 'both sides added it, differently',
  REWIRED_BOTH: 'both sides took the same wire elsewhere',
  CHANGED_HERE_REMOVED_THERE: 'the region changed it, the template removed it',
  REMOVED_HERE_CHANGED_THERE: 'the region removed it, the template changed it',
  LOCKED_CHANGED: 'the region changed a locked node; the template stands',
  WIRE_LOST: 'the wire led to a node that is gone',
} as const;
export type ConflictKind = keyof typeof conflictKinds;

/** What no choice can change: the rule has decided already, and the reader is told. */
const decidedByRule: ReadonlySet<ConflictKind> = new Set(['LOCKED_CHANGED', 'WIRE_LOST']);

export interface Conflict {
  kind: ConflictKind;
  node: string;
  /** What a person calls the node. */
  name: string;
  /** As differences name it; `*` is the whole node. */
  property: string;
  base?: unknown;
  ours?: unknown;
  theirs?: unknown;
  /** What stands in the result. Absent: nobody has chosen yet. */
  taken?: Side;
}

/** `NODE.PROPERTY`, as choices name it. */
export const conflictKey = ({ node, property }: Pick<Conflict, 'node' | 'property'>): string =>
  `${node}.${property}`;

export const needsChoice = ({ kind }: Pick<Conflict, 'kind'>): boolean => !decidedByRule.has(kind);

/** Nobody has chosen yet. */
export const isOpen = (conflict: Conflict): boolean => needsChoice(conflict) && conflict.taken === undefined;

/** Collects the conflicts of one merge and answers which side to take. */
export class Conflicts {
  readonly found: Conflict[] = [];

  constructor(private readonly choices: ReadonlyMap<string, Side>) {}

  /** Undefined while nobody has chosen. */
  choose(conflict: Omit<Conflict, 'taken'>): Side | undefined {
    const taken = this.choices.get(conflictKey(conflict));
    this.found.push({ ...conflict, ...(taken !== undefined && { taken }) });
    return taken;
  }

  tell(conflict: Conflict): void {
    this.found.push(conflict);
  }

  sorted(): Conflict[] {
    return this.found.sort((a, b) => (conflictKey(a) < conflictKey(b) ? -1 : 1));
  }
}
