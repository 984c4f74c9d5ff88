/** JSON as indented lines, each with the JSON Pointer (RFC 6901) of what stands on it; other text as it is. */
export interface Line {
  text: string;
  pointer?: string;
}

export function linesOf(text: string): Line[] {
  try {
    return lines(JSON.parse(text), '', '', '', '');
  } catch {
    return text.split('\n').map((line) => ({ text: line }));
  }
}

function lines(value: unknown, pointer: string, indent: string, label: string, comma: string): Line[] {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return [{ text: `${indent}${label}${JSON.stringify(value)}${comma}`, pointer }];
  const list = Array.isArray(value);
  const entries = Object.entries(value);
  const inner = entries.flatMap(([name, item], index) => {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const head = list ? '' : `${JSON.stringify(name)}: `;
    return lines(item, at, `${indent}  `, head, index < entries.length - 1 ? ',' : '');
  });
  return [
    { text: `${indent}${label}${list ? '[' : '{'}`, pointer },
    ...inner,
    { text: `${indent}${list ? ']' : '}'}${comma}`, pointer },
  ];
}
