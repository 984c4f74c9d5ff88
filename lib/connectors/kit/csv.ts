/**
 * Comma-separated values after RFC 4180: quoted fields, doubled quotes, CRLF or LF. Empty lines are left out.
 */
export function parseCsv(text: string): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let field = '';
  let quoted = false;
  const endField = () => {
    record.push(field);
    field = '';
  };
  const endRecord = () => {
    endField();
    if (record.length > 1 || record[0] !== '') records.push(record);
    record = [];
  };
  for (let at = text.charCodeAt(0) === 0xfeff ? 1 : 0; at < text.length; at++) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') field += text[++at];
      else quoted = false;
    } else if (sign === '"') quoted = true;
    else if (sign === ',') endField();
    else if (sign === '\n') endRecord();
    else if (sign !== '\r') field += sign;
  }
  endRecord();
  return records;
}
