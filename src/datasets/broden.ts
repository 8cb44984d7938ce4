/**
 * Broden as published (Bau et al. 2017): `index.csv` (image, split, ih, iw, sh, sw, then a column a category), `category.csv`,
 * `label.csv` (number, name, category ...), `c_CATEGORY.csv` (code, number, name ...), pictures and label images under
 * `images/`. A category's cell holds label images or label numbers (of the whole picture), separated by semicolons; a label
 * image's pixel is label number R + 256 G. Label images are read when their picture's turn comes.
 */

import { RegionBuilder } from '../tensor/regions.ts';
import { csvRecords } from './csv.ts';
import { type Dataset, type DatasetCategory, type DatasetItem, Missing } from './dataset.ts';
import { type DataFolder, MissingFile } from './folder.ts';
import { decodePng } from './png.ts';
import { decodeText } from './text.ts';

interface Row {
  readonly image: string;
  /** By category. */
  readonly cells: readonly string[];
  readonly height: number;
  readonly width: number;
}

/** Throws {@link MissingFile} when `index.csv` is missing, RangeError when it has no picture. */
export async function openBroden(folder: DataFolder): Promise<Dataset> {
  const missing = new Missing();
  const index = decodeText(await folder.read('index.csv'));
  const header = index.slice(0, index.search(/[\r\n]|$/)).split(',');
  const fixed = ['image', 'split', 'ih', 'iw', 'sh', 'sw'];
  const columns = header.map((name) => name.trim()).filter((name) => name !== '' && !fixed.includes(name));
  const numbers = await readNumbers(folder, columns, missing);
  const rows: Row[] = [];
  for (const record of csvRecords(index)) {
    const cells = columns.map((column) => record[column] ?? '');
    rows.push({ image: record.image ?? '', cells, height: Number(record.sh), width: Number(record.sw) });
  }
  if (rows.length === 0) throw new RangeError('index.csv lists no picture');
  if (folder.listed) await noteAbsent(folder, rows, missing);
  const categories: readonly DatasetCategory[] = columns.map((category, i) => ({
    category,
    labels: [...numbers[i]!.values()],
  }));
  let first = 0;
  const places = numbers.map((names) => {
    const start = first;
    first += names.size;
    return new Map([...names.keys()].map((number, i) => [number, start + i]));
  });
  return {
    format: 'broden',
    categories,
    count: rows.length,
    missing,
    read: (i) => readRow(folder, rows[i]!, places, missing),
  };
}

/** Names the files that the index speaks of and the folder lacks, before anything is computed. */
async function noteAbsent(folder: DataFolder, rows: readonly Row[], missing: Missing): Promise<void> {
  const there = new Set(await folder.list('images/'));
  for (const { image, cells } of rows) {
    const named = cells.flatMap((cell) => cell.split(';')).filter((name) => !/^\s*\d*\s*$/.test(name));
    for (const name of [image, ...named]) {
      const path = `images/${name}`;
      if (!there.has(path)) missing.add(new MissingFile(path).message);
    }
  }
}

async function readRow(
  folder: DataFolder,
  row: Row,
  places: readonly ReadonlyMap<number, number>[],
  missing: Missing,
): Promise<DatasetItem | null> {
  try {
    const image = await folder.read(`images/${row.image}`);
    const masks: { readonly category: number; readonly codes: Uint32Array }[] = [];
    const whole: number[] = [];
    let size = row.height > 0 && row.width > 0 ? ([row.height, row.width] as const) : undefined;
    let annotated = 0;
    for (const [category, cell] of row.cells.entries()) {
      const names = cell.split(';').filter((name) => name.trim() !== '');
      for (const name of names) {
        if (/^\d+$/.test(name)) {
          const label = places[category]!.get(Number(name));
          if (label === undefined) missing.add(`label ${name} of index.csv`);
          else whole.push(label);
          annotated |= 1 << category;
          continue;
        }
        try {
          const { height, width, codes } = labelNumbers(await folder.read(`images/${name}`));
          size ??= [height, width];
          if (height !== size[0] || width !== size[1])
            throw new RangeError(`${width} x ${height}, not sw x sh`);
          masks.push({ category, codes });
          annotated |= 1 << category;
        } catch (error) {
          // The picture stays of use for its other categories.
          note(error, `images/${name}`, missing);
        }
      }
    }
    if (annotated === 0) return null;
    const builder = new RegionBuilder(size?.[0] ?? 1, size?.[1] ?? 1);
    for (const { category, codes } of masks) {
      const labels = places[category]!;
      builder.paint(codes, (code) => {
        if (code === 0) return undefined;
        const label = labels.get(code);
        if (label === undefined) missing.add(`name of label ${code}`);
        return label;
      });
    }
    for (const label of whole) builder.everywhere(label);
    return { path: row.image, image, regions: builder.build(), annotated };
  } catch (error) {
    note(error, `images/${row.image}`, missing);
    return null;
  }
}

/** R + 256 G at every pixel. */
function labelNumbers(bytes: Uint8Array): { height: number; width: number; codes: Uint32Array } {
  const { width, height, channels, samples } = decodePng(bytes);
  const codes = new Uint32Array(width * height);
  for (let i = 0; i < codes.length; i += 1) {
    codes[i] = samples[i * channels]! + (channels > 2 ? 256 * samples[i * channels + 1]! : 0);
  }
  return { height, width, codes };
}

/** Label number to name, a category at a time: from `c_CATEGORY.csv`, else from `label.csv`. */
async function readNumbers(
  folder: DataFolder,
  categories: readonly string[],
  missing: Missing,
): Promise<readonly ReadonlyMap<number, string>[]> {
  const all = new Map<string, Map<number, string>>();
  try {
    for (const record of csvRecords(decodeText(await folder.read('label.csv')))) {
      // `object(120);part(3)`: the categories that the label occurs in.
      for (const entry of (record.category ?? '').split(';')) {
        const category = entry.replace(/\(.*$/, '').trim();
        const names = all.get(category) ?? new Map<number, string>();
        all.set(category, names.set(Number(record.number), record.name ?? ''));
      }
    }
  } catch (error) {
    note(error, 'label.csv', missing);
  }
  return Promise.all(
    categories.map(async (category) => {
      try {
        const names = new Map<number, string>();
        for (const record of csvRecords(decodeText(await folder.read(`c_${category}.csv`)))) {
          names.set(Number(record.number), record.name ?? '');
        }
        return names;
      } catch (error) {
        note(error, `c_${category}.csv`, missing);
        return all.get(category) ?? new Map<number, string>();
      }
    }),
  );
}

function note(error: unknown, name: string, missing: Missing): void {
  if (error instanceof MissingFile) missing.add(error.message);
  else if (error instanceof RangeError) missing.add(`${name}: ${error.message}`);
  else throw error;
}
