/** An exported audit trail: whatever is done to it shows. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { chainHash, chainStart } from '../../lib/model/audit';
import { verifyExport } from '../../lib/model/audit-export';
import {
  type ChainHead,
  checkSignedHeads,
  keyFingerprint,
  publicKeyOf,
  type SignedHeads,
  signHeads,
} from '../../lib/model/audit-heads';

const { privateKey } = generateKeyPairSync('ed25519');
const stranger = generateKeyPairSync('ed25519').privateKey;
const fingerprint = keyFingerprint(publicKeyOf(privateKey));

type Line = Record<string, unknown>;

/** Two chains of the given lengths with their signed heads. */
function exported(lengths: number[], key = privateKey): Line[] {
  const lines: Line[] = [];
  const heads: ChainHead[] = [];
  for (const [partition, length] of lengths.entries()) {
    let previousHash = chainStart;
    for (let seq = 1; seq <= length; seq += 1) {
      const entry = {
        partition,
        seq,
        id: `${partition}-${seq}`,
        at: 1000 * seq,
        actor: seq % 2 === 0 ? 'user:ada' : 'user:eve',
        action: 'case.note',
        subject: `case:${seq}`,
        reason: `why ${seq}`,
        before: { state: 'DETECTED', list: [1, 2] },
        after: { state: 'MANUAL' },
        outcome: 'done',
      };
      const hash = chainHash(previousHash, entry);
      lines.push({ ...entry, previousHash, hash });
      previousHash = hash;
    }
    if (length > 0) heads.push({ partition, seq: length, hash: previousHash });
  }
  return [...lines, { ...signHeads({ heads, at: 5, before: undefined }, key) }];
}

const text = (lines: unknown[]): string => `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`;

/** Every place in a JSON value, as a path. */
function placesOf(value: unknown, path: (string | number)[] = []): (string | number)[][] {
  if (value === null || typeof value !== 'object') return [path];
  const keys = Array.isArray(value) ? value.keys() : Object.keys(value);
  return [
    path,
    ...[...keys].flatMap((key) => placesOf((value as Record<string | number, unknown>)[key], [...path, key])),
  ];
}

function edited(line: Line, path: (string | number)[], to: unknown): Line {
  const copy = structuredClone(line);
  const [last, ...rest] = [...path].reverse();
  if (last === undefined) return copy;
  let at: Record<string | number, unknown> = copy;
  for (const key of rest.reverse()) at = at[key] as Record<string | number, unknown>;
  if (to === undefined) delete at[last];
  else at[last] = to;
  return copy;
}

const lengths = fc
  .array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 3 })
  .filter((all) => all.some((one) => one > 0));

describe('An exported audit trail', () => {
  it('holds as it was written', () => {
    fc.assert(
      fc.property(lengths, (all) => {
        const verdict = verifyExport(text(exported(all)), [fingerprint]);
        assert.deepEqual([verdict.ok, verdict.ok && verdict.key], [true, fingerprint]);
      }),
    );
  });

  it('does not hold when any value of any line was changed or taken out', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.nat(),
        fc.nat(),
        fc.jsonValue(),
        fc.boolean(),
        (all, line, place, value, drop) => {
          const lines = exported(all);
          const at = line % lines.length;
          const original = lines[at] ?? {};
          const places = placesOf(original).slice(1);
          const path = places[place % places.length] ?? [];
          const changed = edited(original, path, drop ? undefined : value);
          fc.pre(text([changed]) !== text([original]) && !sameSignature(original, changed));
          assert.equal(
            verifyExport(text(lines.with(at, changed)), [fingerprint]).ok,
            false,
            JSON.stringify(path),
          );
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not hold when lines were dropped, doubled, swapped, moved or cut off', () => {
    fc.assert(
      fc.property(
        lengths,
        fc.nat(),
        fc.nat(),
        fc.constantFrom('drop', 'double', 'swap', 'cut', 'move'),
        (all, a, b, how) => {
          const lines = exported(all);
          const [one, two] = [a % lines.length, b % lines.length];
          const changed = {
            drop: () => lines.toSpliced(one, 1),
            double: () => lines.toSpliced(one, 0, lines[one] ?? {}),
            swap: () => lines.with(one, lines[two] ?? {}).with(two, lines[one] ?? {}),
            cut: () => lines.slice(0, one),
            move: () => lines.toSpliced(one, 1).toSpliced(two, 0, lines[one] ?? {}),
          }[how]();
          fc.pre(text(changed) !== text(lines));
          assert.equal(verifyExport(text(changed), [fingerprint]).ok, false);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('does not hold when its end was cut off and the heads were kept', () => {
    const lines = exported([5, 3]);
    const verdict = verifyExport(text(lines.toSpliced(4, 1)));
    assert.deepEqual(verdict, { ok: false, line: 8, reason: 'truncated' });
  });

  it('does not hold when somebody else wrote it anew, for whoever knows the key', () => {
    const forged = text(exported([5, 3], stranger));
    assert.equal(verifyExport(forged).ok, true);
    assert.deepEqual(verifyExport(forged, [fingerprint]), { ok: false, line: 9, reason: 'foreign-key' });
  });

  it('without its heads is unsigned, which is told', () => {
    assert.deepEqual(verifyExport(text(exported([2]).slice(0, -1))), {
      ok: false,
      line: 2,
      reason: 'unsigned',
    });
    assert.deepEqual(verifyExport(''), { ok: false, line: 0, reason: 'unsigned' });
    assert.equal(verifyExport('not json\n').ok, false);
  });
});

/** Base64 has spare bits at its end: another text can be the same signature. */
function sameSignature(a: Line, b: Line): boolean {
  const bytes = (line: Line) => Buffer.from(String(line.signature ?? ''), 'base64');
  const rest = ({ signature: _signature, ...other }: Line) => JSON.stringify(other);
  return (
    typeof b.signature === 'string' && bytes(a).length > 0 && bytes(a).equals(bytes(b)) && rest(a) === rest(b)
  );
}

describe('Signed heads', () => {
  const heads = [{ partition: 0, seq: 1, hash: 'a'.repeat(64) }];
  const list: SignedHeads[] = [];
  before(() => {
    for (let at = 1; at <= 4; at += 1) list.push(signHeads({ heads, at, before: list.at(-1) }, privateKey));
  });

  it('follow each other', () => assert.equal(checkSignedHeads(list, [fingerprint]), undefined));

  it('show when one was dropped, changed, or signed by somebody else', () => {
    assert.deepEqual(checkSignedHeads(list.toSpliced(1, 1)), { number: 3, reason: 'gap' });
    assert.deepEqual(checkSignedHeads(list.with(1, { ...(list[1] as SignedHeads), at: 9 })), {
      number: 2,
      reason: 'signature',
    });
    const other = signHeads({ heads, at: 2, before: list[0] }, stranger);
    assert.deepEqual(checkSignedHeads(list.with(1, other)), { number: 3, reason: 'previous' });
    assert.deepEqual(checkSignedHeads(list.with(1, other), [fingerprint]), {
      number: 2,
      reason: 'foreign-key',
    });
  });
});
