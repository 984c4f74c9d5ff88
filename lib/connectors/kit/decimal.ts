/** Exact arithmetic on decimals written as text, as far as quantities need it. */

/** Already plain, and exact as a number. */
const smallInteger = /^(?:0|-?[1-9]\d{0,14})$/;

/** `5.000` and `5` are one amount: no leading or trailing zeros, no `-0`. Undefined for what is no decimal. */
export function plainDecimal(text: string): string | undefined {
  if (smallInteger.test(text)) return text;
  const match = /^(-?)0*(\d+)(?:\.(\d+))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign = '', whole = '0', fraction = ''] = match;
  const places = fraction.replace(/0+$/, '');
  const digits = places === '' ? whole : `${whole}.${places}`;
  return digits === '0' ? '0' : `${sign}${digits}`;
}

/** A JSON number as decimal text, without an exponent; undefined when it is not finite or needs more than 15 places. */
export function decimalOf(value: number): string | undefined {
  if (Number.isSafeInteger(value)) return String(value === 0 ? 0 : value);
  if (!Number.isFinite(value)) return undefined;
  const text = String(value);
  return plainDecimal(/e/i.test(text) ? value.toFixed(15) : text);
}

/** Compares two amounts written as text; two unreadable ones are not the same. */
export function sameDecimal(a: string, b: string): boolean {
  const left = plainDecimal(a);
  return left !== undefined && left === plainDecimal(b);
}

/** `a - b`, exactly; undefined when one is unreadable. */
export function subtract(a: string, b: string): string | undefined {
  return combine(a, b, -1);
}

/** `a + b`, exactly; undefined when one is unreadable. */
export function add(a: string, b: string): string | undefined {
  return combine(a, b, 1);
}

/** `a * b`, exactly; undefined when one is unreadable. */
export function times(a: string, b: string): string | undefined {
  const left = plainDecimal(a);
  const right = plainDecimal(b);
  if (left === undefined || right === undefined) return undefined;
  const places = [left, right].reduce((sum, text) => sum + (text.split('.')[1] ?? '').length, 0);
  const product = BigInt(left.replace('.', '')) * BigInt(right.replace('.', ''));
  const digits = (product < 0n ? -product : product).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return plainDecimal(product < 0n ? `-${text}` : text);
}

/** The smaller of two readable amounts. */
export function smaller(a: string, b: string): string {
  return subtract(a, b)?.startsWith('-') ? a : b;
}

/** `a + sign * b` */
function combine(a: string, b: string, sign: 1 | -1): string | undefined {
  const left = plainDecimal(a);
  const right = plainDecimal(b);
  if (left === undefined || right === undefined) return undefined;
  if (smallInteger.test(left) && smallInteger.test(right)) return String(Number(left) + sign * Number(right));
  const places = Math.max(...[left, right].map((text) => (text.split('.')[1] ?? '').length));
  const scaled = (text: string) => {
    const [whole = '0', fraction = ''] = text.split('.');
    return BigInt(whole + fraction.padEnd(places, '0'));
  };
  const result = scaled(left) + BigInt(sign) * scaled(right);
  const digits = (result < 0n ? -result : result).toString().padStart(places + 1, '0');
  const text = places === 0 ? digits : `${digits.slice(0, -places)}.${digits.slice(-places)}`;
  return plainDecimal(result < 0n ? `-${text}` : text);
}
