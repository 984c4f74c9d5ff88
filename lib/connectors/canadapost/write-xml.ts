/** XML as Canada Post takes it: elements of text, without attributes but for the namespace of the root. */

export interface XmlContent {
  readonly [name: string]: XmlValue | readonly XmlValue[];
}
/** Elements with an undefined value are left out. */
export type XmlValue = string | number | boolean | undefined | XmlContent;

export function xmlDocument(root: string, namespace: string, content: XmlContent): string {
  return `<?xml version="1.0" encoding="utf-8"?>\n<${root} xmlns="${namespace}">${inner(content)}</${root}>`;
}

function inner(content: XmlContent): string {
  return Object.entries(content)
    .map(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((item) => element(name, item)).join(''),
    )
    .join('');
}

function element(name: string, value: XmlValue): string {
  if (value === undefined) return '';
  const content = typeof value === 'object' ? inner(value) : escaped(String(value));
  return `<${name}>${content}</${name}>`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Signs that XML 1.0 has no place for, and what separates lines, become blanks. */
function escaped(value: string): string {
  return value
    .replace(/[^\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, ' ')
    .replace(/[&<>]/g, (sign) => entities[sign] ?? sign);
}
