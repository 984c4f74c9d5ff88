/** JSON values that are kept with runs and copy payloads, sealed as JSON values. */
import { seal, unseal } from './ring';

const mark = '$sealed';

export function sealDocument(key: Uint8Array, value: unknown, bound: string): unknown {
  if (value === undefined) return undefined;
  return { [mark]: Buffer.from(seal(key, Buffer.from(JSON.stringify(value)), bound)).toString('base64') };
}

/** What was kept before there were keys is answered as it is. */
export function openDocument(key: Uint8Array, value: unknown, bound: string): unknown {
  if (value === null || typeof value !== 'object' || !(mark in value)) return value;
  const sealed = value[mark];
  if (typeof sealed !== 'string' || Object.keys(value).length !== 1) return value;
  return JSON.parse(Buffer.from(unseal(key, Buffer.from(sealed, 'base64'), bound)).toString());
}
