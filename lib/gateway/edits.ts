/**
 * Which fields of a payload somebody may correct before it is replayed. What a payload says about money, customs and whom it is
 * about decides what happens in other systems: it is not for everybody to change.
 */
import { permits, type Role } from './roles';

export interface FieldChange {
  /** JSON Pointer (RFC 6901); empty for a payload that is no JSON. */
  path: string;
  before?: unknown;
  after?: unknown;
  /** The role that may make this change. */
  role: Role;
}

/** Fields whose names say that they are about value, customs, money or keys: an administrator's business. */
const guarded =
  /(amount|price|value$|currency|declared|customs|hs_?code|tariff|tax|iban|account|payment|signature|token|secret|idempotency)/i;

/** The role that may change the field at a path. */
export function roleToEdit(path: string): Role {
  return path.split('/').some((name) => guarded.test(name)) ? 'admin' : 'supervisor';
}

/** Field by field what an edit changes; a payload that is no JSON has no fields that could be told apart: it is changed as a whole. */
export function changesOf(before: string, after: string): FieldChange[] {
  const [old, next] = [parsed(before), parsed(after)];
  if (old === undefined || next === undefined)
    return before === after ? [] : [{ path: '', before, after, role: 'supervisor' }];
  return differences(old.value, next.value, '').map((change) => ({
    ...change,
    role: roleToEdit(change.path),
  }));
}

/** Those changes that somebody in the role may not make. */
export function forbiddenTo(role: Role, changes: FieldChange[]): FieldChange[] {
  return changes.filter((change) => !permits(role, change.role));
}

function parsed(text: string): { value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

type Plain = Omit<FieldChange, 'role'>;

function differences(before: unknown, after: unknown, path: string): Plain[] {
  if (Object.is(before, after)) return [];
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ path, before, after }];
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...names].flatMap((name) => {
    const at = `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    if (!Object.hasOwn(after, name)) return [{ path: at, before: before[name] }];
    if (!Object.hasOwn(before, name)) return [{ path: at, after: after[name] }];
    return differences(before[name], after[name], at);
  });
}

const isContainer = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
