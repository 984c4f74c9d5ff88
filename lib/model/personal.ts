/**
 * Personal data by field name: the one list by which lists, details and traces are masked for those who need not see it, and logs for
 * everybody. Payloads are vendors' own, so a name counts however it is spelled: `recipient_name`, `RecipientName`, `recipientName`.
 */

/** Names without separators, in lower case. */
const personalFields = new Set([
  ...[
    'recipient',
    'recipientname',
    'consignee',
    'consigneename',
    'shiptoname',
    'billtoname',
    'deliverto',
    'attentionto',
  ],
  ...[
    'contactname',
    'contactperson',
    'personname',
    'fullname',
    'firstname',
    'lastname',
    'middlename',
    'givenname',
    'familyname',
    'surname',
  ],
  ...[
    'signedby',
    'signedforby',
    'signedforbyname',
    'signatory',
    'signature',
    'signatureimage',
    'receivedby',
    'receivedbyname',
    'podname',
  ],
  ...[
    'email',
    'emailaddress',
    'contactemail',
    'mail',
    'phone',
    'phonenumber',
    'contactphone',
    'telephone',
    'tel',
    'mobile',
    'fax',
  ],
  ...[
    'street',
    'streetname',
    'streetaddress',
    'streetlines',
    'streetline',
    'housenumber',
    'addressline',
    'addresslines',
    'addressline1',
  ],
  ...[
    'addressline2',
    'addressline3',
    'address1',
    'address2',
    'address3',
    'dateofbirth',
    'birthdate',
    'passportnumber',
    'nationalid',
    'taxid',
  ],
]);

/** Free text of a vendor or a flow, in which a person's address may stand. */
const freeText = new Set(['text', 'message', 'description', 'title', 'detail', 'msg']);

/** Never shown and never logged, whoever looks. */
const secretFields = new Set([
  ...[
    'authorization',
    'proxyauthorization',
    'cookie',
    'setcookie',
    'password',
    'passphrase',
    'secret',
    'clientsecret',
    'token',
  ],
  ...[
    'accesstoken',
    'refreshtoken',
    'idtoken',
    'apikey',
    'privatekey',
    'credential',
    'credentials',
    'xapikey',
    'xcsrftoken',
  ],
]);

export const masked = '•••';
const email = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]{1,255}/g;
const maxDepth = 40;

const plainName = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

export function isPersonal(field: string): boolean {
  return personalFields.has(plainName(field));
}

/** The same value with what names a person masked; what is no plain data is left as it is. */
export function maskPersonal(value: unknown): unknown {
  return walk(value, false, 0);
}

/** For logs: secrets too. */
export function maskForLog(value: unknown): unknown {
  return walk(value, true, 0);
}

/** Addresses of mail in a text. */
export function maskText(text: string): string {
  return text.includes('@') ? text.replace(email, masked) : text;
}

function walk(value: unknown, secrets: boolean, depth: number): unknown {
  if (depth > maxDepth) return masked;
  if (Array.isArray(value)) return value.map((item) => walk(item, secrets, depth + 1));
  if (!isPlain(value)) return value;
  const out: Record<string, unknown> = {};
  const changed = isPersonalChange(value);
  for (const [name, item] of Object.entries(value)) {
    const plain = plainName(name);
    if (item === null || item === undefined) out[name] = item;
    else if (changed && sides.has(name)) out[name] = maskedLike(item);
    else if (personalFields.has(plain)) out[name] = maskedLike(item);
    else if (secrets && secretFields.has(plain)) out[name] = masked;
    else if (typeof item === 'string') out[name] = freeText.has(plain) ? maskText(item) : item;
    else out[name] = walk(item, secrets, depth + 1);
  }
  return out;
}

const sides: ReadonlySet<string> = new Set(['before', 'after', 'from', 'to', 'value']);

/** One field of a difference: its name stands in the path (RFC 6901, or with dots), not beside the value. */
function isPersonalChange({ path }: Record<string, unknown>): boolean {
  return typeof path === 'string' && path.split(/[/.[\]]/).some(isPersonal);
}

/** A list stays a list and an object an object, so that a reader who knows the shape still can read it. */
function maskedLike(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(maskedLike);
  if (!isPlain(value)) return masked;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, item === null ? null : maskedLike(item)]),
  );
}

function isPlain(value: unknown): value is Record<string, unknown> {
  if (value === null || typeof value !== 'object') return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
