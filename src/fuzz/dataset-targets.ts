/** Annotated data as visitors drop it: zips, CSV tables, label files, label images. */

import { strToU8, zipSync } from 'fflate';
import { csvRecords, csvRows } from '../datasets/csv.ts';
import { MissingFile } from '../datasets/folder.ts';
import { readLabelFile } from '../datasets/label-file.ts';
import { decodePng } from '../datasets/png.ts';
import { inMemory, rgbPng } from '../datasets/test-support/files.ts';
import { zipFolder } from '../datasets/zip.ts';
import { must, type Target } from './target.ts';

/** Both are documented: RangeError for bytes that are no such file, MissingFile for an entry that cannot be read. */
const isTyped = (error: unknown) => error instanceof RangeError || error instanceof MissingFile;

export function datasetTargets(): readonly Target[] {
  return [zip(), csv(), labels(), png()];
}

function zip(): Target {
  const files = {
    'set/index.csv': strToU8('image,color\na.png,1;2\n'),
    'set/a/b.txt': strToU8('abc'.repeat(99)),
  };
  return {
    name: 'zip',
    corpus: [zipSync(files), zipSync(files, { level: 0, comment: 'stored' })],
    isTyped,
    run: async (bytes) => {
      const folder = await zipFolder('set.zip', inMemory(bytes));
      for (const path of (await folder.list('')).slice(0, 8)) {
        must(await folder.has(path), `${path} is listed and not there`);
        try {
          // A deflated stream is at most 1,032 times as long as its packed form; a stored one as long.
          const { length } = await folder.read(path);
          must(length <= 1032 * bytes.length, `${length} bytes from ${bytes.length}`);
        } catch (error) {
          if (!isTyped(error)) throw error;
        }
      }
    },
  };
}

function csv(): Target {
  const tables = [
    'a,b,c\n1,"2,5",3\r\n"x ""y""",,z\n',
    '"one\ntwo",3\n\n4,5',
    'image,split,color\na.png,train,1;2\n',
  ];
  return {
    name: 'csv',
    corpus: tables.map((table) => strToU8(table)),
    isTyped,
    run: (bytes) => {
      const text = new TextDecoder().decode(bytes);
      const rows = [...csvRows(text)];
      must(
        rows.every((row) => row.length > 0),
        'an empty row',
      );
      must([...csvRecords(text)].length === Math.max(0, rows.length - 1), 'a record a row but the first');
      // What a table says does not change by writing it out with every cell quoted.
      const quoted = rows
        .map((row) => row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(','))
        .join('\n');
      must(
        JSON.stringify([...csvRows(quoted)]) === JSON.stringify(rows),
        'a table that changes when it is quoted',
      );
    },
  };
}

function labels(): Target {
  const files = [
    '64 128 64\tAnimal\n192 0 128\tArchway\n',
    'Idx\tRatio\tTrain\tVal\tName\n1\t0.1\t1\t1\twall\n',
    'sky\ncar\n',
    'name,r,g,b\nroad,1,2,3\n',
  ];
  return {
    name: 'label file',
    corpus: files.map((file) => strToU8(file)),
    isTyped,
    run: (bytes) => {
      const read = readLabelFile(new TextDecoder().decode(bytes));
      must(read === null || read.names.size > 0, 'names, and none of them');
    },
  };
}

function png(): Target {
  return {
    name: 'png',
    corpus: [rgbPng(5, 3, (x, y) => [x, y, 7]), rgbPng(1, 9, (x, y) => [x, y, y])],
    isTyped,
    run: (bytes) => {
      const { width, height, channels, samples } = decodePng(bytes);
      must(samples.length === width * height * channels, `${samples.length} samples`);
    },
  };
}
