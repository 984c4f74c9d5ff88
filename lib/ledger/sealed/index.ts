/**
 * A ledger whose payloads are sealed: over any engine, so that no engine knows of ciphers. Bodies of raw payloads are sealed under a key of
 * their own, messages of dead letters and waits and edits of replays under one for all. Hashes, keys, headers, facts, cases, effects and the
 * audit stand as they are.
 */
import type { AcceptItem, RawPayload } from '../intake';
import type { ReplayItem } from '../operators';
import type { Ledger, Page } from '../port';
import type { ClaimedRun, DeadLetter, DeadLetterSeed, ParkedMessage, ParkSeed, Settlement } from '../runs';
import { openDocument, sealDocument } from './documents';
import { KeyBox, shredded } from './key-box';
import { type KeyRing, seal, unseal } from './ring';

type Sealed = Pick<
  Ledger,
  | 'accept'
  | 'rawPayload'
  | 'claimRuns'
  | 'settleRuns'
  | 'addDeadLetters'
  | 'deadLetter'
  | 'deadLetters'
  | 'deadLetterGroups'
  | 'park'
  | 'parkedByRun'
  | 'parkedByCase'
  | 'createReplay'
  | 'replayItems'
>;

const bodyOf = (id: string): string => `payload ${id}`;
const letterOf = (id: string): string => `dead letter ${id}`;
const waitOf = (id: string): string => `wait ${id}`;
const editOf = (item: Pick<ReplayItem, 'replayId' | 'ordinal'>): string =>
  `edit ${item.replayId}/${item.ordinal}`;

/** @param ring asked at every use, so that a ring that changes is taken up without a restart */
export function sealedLedger(ledger: Ledger, ring: () => KeyRing): Ledger {
  const box = new KeyBox(ledger, ring);
  return overridden(ledger, { ...payloads(ledger, box), ...documents(ledger, box), ...edits(ledger, box) });
}

function overridden(ledger: Ledger, overrides: Partial<Ledger>): Ledger {
  const bound = new Map<PropertyKey, unknown>(Object.entries(overrides));
  return new Proxy(ledger, {
    get(target, name) {
      if (bound.has(name)) return bound.get(name);
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      const method: unknown = value.bind(target);
      bound.set(name, method);
      return method;
    },
  });
}

function payloads(ledger: Ledger, box: KeyBox): Pick<Sealed, 'accept' | 'rawPayload' | 'claimRuns'> {
  const sealItem = (item: AcceptItem): AcceptItem => {
    const { key, dataKey } = box.make(item.id);
    return { ...item, body: seal(key, item.body, bodyOf(item.id)), dataKey };
  };
  const openAll = async <T>(items: T[], of: (item: T) => { id: string; body: Uint8Array } | undefined) => {
    const sealed = items.flatMap((item) => of(item) ?? []);
    const keys = await box.open(sealed.map(({ id }) => id));
    return (item: T): Uint8Array | undefined => {
      const raw = of(item);
      const key = raw && keys.get(raw.id);
      if (!raw || !key) return raw?.body;
      // Destroyed by somebody else, while its key was still at hand here.
      if (raw.body.byteLength === 0) throw shredded(raw.id);
      return unseal(key, raw.body, bodyOf(raw.id));
    };
  };
  return {
    accept: (partition, items, claim) => ledger.accept(partition, items.map(sealItem), claim),
    async rawPayload(id) {
      const raw = await ledger.rawPayload(id);
      if (!raw) return undefined;
      const open = await openAll<RawPayload>([raw], (one) => one);
      return { ...raw, body: open(raw) ?? raw.body };
    },
    async claimRuns(lease, request) {
      const runs = await ledger.claimRuns(lease, request);
      const open = await openAll<ClaimedRun>(runs, ({ ref, raw }) => raw && { id: ref, body: raw.body });
      const waits = runs.some(({ parked }) => parked) ? await box.documents() : undefined;
      return runs.map((run) => ({
        ...run,
        ...(run.raw && { raw: { ...run.raw, body: open(run) ?? run.raw.body } }),
        ...(run.parked && waits && { parked: openWait(waits, run.parked) }),
      }));
    },
  };
}

const openWait = (key: Uint8Array, parked: ParkedMessage): ParkedMessage => ({
  ...parked,
  message: openDocument(key, parked.message, waitOf(parked.id)),
});

function sealLetter(key: Uint8Array, letter: DeadLetterSeed): DeadLetterSeed {
  if (letter.message === undefined) return letter;
  return { ...letter, message: sealDocument(key, letter.message, letterOf(letter.id)) };
}

function openLetter(key: Uint8Array, letter: DeadLetter): DeadLetter {
  if (letter.message === undefined) return letter;
  return { ...letter, message: openDocument(key, letter.message, letterOf(letter.id)) };
}

function sealSettlement(key: Uint8Array, settlement: Settlement): Settlement {
  if (!('deadLetters' in settlement) || !settlement.deadLetters) return settlement;
  return { ...settlement, deadLetters: settlement.deadLetters.map((letter) => sealLetter(key, letter)) };
}

function documents(
  ledger: Ledger,
  box: KeyBox,
): Omit<Sealed, 'accept' | 'rawPayload' | 'claimRuns' | 'createReplay' | 'replayItems'> {
  const opened = async (letters: DeadLetter[]): Promise<DeadLetter[]> => {
    const key = await box.documents();
    return letters.map((letter) => openLetter(key, letter));
  };
  const waits = async (parked: ParkedMessage[]): Promise<ParkedMessage[]> => {
    const key = await box.documents();
    return parked.map((one) => openWait(key, one));
  };
  return {
    async settleRuns(lease, settlements) {
      const key = await box.documents();
      return ledger.settleRuns(
        lease,
        settlements.map((settlement) => sealSettlement(key, settlement)),
      );
    },
    async addDeadLetters(partition, seeds) {
      const key = await box.documents();
      return ledger.addDeadLetters(
        partition,
        seeds.map((letter) => sealLetter(key, letter)),
      );
    },
    async deadLetter(id) {
      const letter = await ledger.deadLetter(id);
      return letter && (await opened([letter]))[0];
    },
    async deadLetters(filter, page) {
      const found: Page<DeadLetter> = await ledger.deadLetters(filter, page);
      return { ...found, items: await opened(found.items) };
    },
    async deadLetterGroups(filter) {
      const key = await box.documents();
      const groups = await ledger.deadLetterGroups(filter);
      return groups.map((group) => ({ ...group, sample: openLetter(key, group.sample) }));
    },
    async park(lease, seeds: ParkSeed[]) {
      const key = await box.documents();
      return ledger.park(
        lease,
        seeds.map((parked) => ({ ...parked, message: sealDocument(key, parked.message, waitOf(parked.id)) })),
      );
    },
    parkedByRun: async (runId) => waits(await ledger.parkedByRun(runId)),
    parkedByCase: async (caseId) => waits(await ledger.parkedByCase(caseId)),
  };
}

function edits(ledger: Ledger, box: KeyBox): Pick<Sealed, 'createReplay' | 'replayItems'> {
  return {
    async createReplay(replay, items) {
      const key = await box.documents();
      const sealed = items.map((item) => {
        if (item.edit === undefined) return item;
        return { ...item, edit: sealDocument(key, item.edit, editOf(item)) };
      });
      return ledger.createReplay(replay, sealed);
    },
    async replayItems(id, page) {
      const key = await box.documents();
      const found = await ledger.replayItems(id, page);
      const items = found.items.map((item) => {
        if (item.edit === undefined) return item;
        return { ...item, edit: openDocument(key, item.edit, editOf(item)) };
      });
      return { ...found, items };
    },
  };
}
