/** Rows of a CSV file (RFC 4180: quotes, doubled quotes, line breaks inside of quotes; either line end; `separator` is a comma, a semicolon or a tab). Blank lines are left out. */
export function* csvRows(text: string, separator = ','): Generator<string[]> {
  let row: string[] = [];
  let at = 0;
  while (at <= text.length) {
    const quoted = text[at] === '"';
    const end = quoted ? closingQuote(text, at) : fieldEnd(text, at, separator);
    row.push(quoted ? text.slice(at + 1, end).replaceAll('""', '"') : text.slice(at, end));
    at = quoted ? end + 1 : end;
    if (text[at] === separator) {
      at += 1;
      continue;
    }
    if (row.length > 1 || row[0] !== '') yield row;
    row = [];
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
  }
}

/** The same as records by the names of the first row; missing cells are ''. */
export function* csvRecords(text: string): Generator<Readonly<Record<string, string>>> {
  let names: readonly string[] | undefined;
  for (const row of csvRows(text)) {
    if (!names) names = row.map((name) => name.trim());
    else yield Object.fromEntries(names.map((name, column) => [name, row[column] ?? '']));
  }
}

function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from + 1);
  while (at >= 0 && text[at + 1] === '"') at = text.indexOf('"', at + 2);
  if (at < 0) throw new RangeError(`a quote at character ${from} never closes`);
  return at;
}

function fieldEnd(text: string, from: number, separator: string): number {
  let at = from;
  while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') at += 1;
  return at;
}
