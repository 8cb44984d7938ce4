/** A cell: text, number, or nothing. */
export type Cell = string | number | boolean | null;

/**
 * RFC 4180 text: comma, CRLF, quotes doubled. Numbers are written in full (they read back to the same double); NaN and
 * infinities are left empty. A text that a spreadsheet would run as a formula (it starts with =, +, -, @, tab or return) gets an apostrophe in
 * front. Throws RangeError for a row of another length than the head.
 */
export function toCsv(head: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const lines = [head.map(cell).join(',')];
  for (const [index, row] of rows.entries()) {
    if (row.length !== head.length) {
      throw new RangeError(`csv: row ${index} has ${row.length} cells, its head ${head.length}`);
    }
    lines.push(row.map(cell).join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}

function cell(value: Cell): string {
  if (value === null) return '';
  if (typeof value === 'number') return Number.isFinite(value) ? String(value) : '';
  if (typeof value === 'boolean') return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
