import { csvRows } from './csv.ts';

/** Captions by file name, without folders and in lower case, as `readCaptions` found them. */
export type Captions = ReadonlyMap<string, string>;

const FILE_COLUMNS = ['file_name', 'filename', 'file', 'image', 'image_path', 'image_name', 'path', 'name'];
const CAPTION_COLUMNS = ['caption', 'text', 'description', 'title', 'prompt', 'label'];

/**
 * Reads which caption belongs to which picture: CSV or TSV with a head (columns such as `file_name` and `caption`), JSON (a list of
 * records, an object from file names to captions, or COCO's `images` and `annotations`), or JSON lines. The first caption of a
 * file counts. Throws RangeError that says what is missing.
 */
export function readCaptions(name: string, text: string): Captions {
  if (/\.jsonl$/i.test(name)) {
    return fromRecords(
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line, index) => parse(line, `${name}, line ${index + 1}`)),
      name,
    );
  }
  if (/\.json$/i.test(name)) return fromJson(parse(text, name), name);
  return fromCsv(text.replace(/^\uFEFF/, ''), name);
}

/** The key that a picture's name is looked up by. */
export function captionKey(file: string): string {
  return (file.split(/[\\/]/).at(-1) ?? file).trim().toLowerCase();
}

function fromCsv(text: string, name: string): Captions {
  const rows = [...csvRows(text, separatorOf(text))];
  const head = (rows[0] ?? []).map((cell) => cell.trim().toLowerCase());
  const file = columnOf(head, FILE_COLUMNS);
  const caption = columnOf(head, CAPTION_COLUMNS);
  if (file < 0 || caption < 0) throw missing(name);
  return collect(rows.slice(1).map((row) => [row[file] ?? '', row[caption] ?? '']));
}

function fromJson(value: unknown, name: string): Captions {
  if (Array.isArray(value)) return fromRecords(value, name);
  const fields = record(value);
  if (!fields) throw missing(name);
  if (Array.isArray(fields.images) && Array.isArray(fields.annotations)) {
    const files = new Map(
      fields.images.map((entry: unknown) => [record(entry)?.id, String(record(entry)?.file_name ?? '')]),
    );
    return collect(
      fields.annotations.map((entry: unknown) => [
        files.get(record(entry)?.image_id) ?? '',
        String(record(entry)?.caption ?? ''),
      ]),
    );
  }
  const plain = Object.entries(fields).flatMap(([file, caption]): [string, string][] => {
    const first: unknown = Array.isArray(caption) ? caption[0] : caption;
    return typeof first === 'string' ? [[file, first]] : [];
  });
  if (plain.length === 0) throw missing(name);
  return collect(plain);
}

function fromRecords(values: readonly unknown[], name: string): Captions {
  const records = values.map(record).filter((entry) => entry !== undefined);
  const keys = Object.keys(records[0] ?? {});
  const lower = keys.map((key) => key.toLowerCase());
  const file = keys[columnOf(lower, FILE_COLUMNS)];
  const caption = keys[columnOf(lower, CAPTION_COLUMNS)];
  if (file === undefined || caption === undefined) throw missing(name);
  return collect(records.map((entry) => [String(entry[file] ?? ''), String(entry[caption] ?? '')]));
}

function collect(pairs: readonly (readonly [string, string])[]): Captions {
  const captions = new Map<string, string>();
  for (const [file, caption] of pairs) {
    const key = captionKey(file);
    const clean = caption.replace(/\s+/g, ' ').trim();
    if (key !== '' && clean !== '' && !captions.has(key)) captions.set(key, clean);
  }
  return captions;
}

function columnOf(head: readonly string[], names: readonly string[]): number {
  const found = names.find((name) => head.includes(name));
  return found === undefined ? -1 : head.indexOf(found);
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RangeError(`${name} is no JSON`);
  }
}

function missing(name: string): RangeError {
  return new RangeError(`${name} has no columns for files (file_name) and captions (caption)`);
}

/** The separator that occurs most in the first line outside of quotes. */
function separatorOf(text: string): string {
  const line = (text.split(/\r?\n/, 1)[0] ?? '').replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t'].map((mark) => [mark, line.split(mark).length] as const);
  return counts.reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}
