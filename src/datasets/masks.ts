/**
 * Pairs of a picture and a label image (PNG) of the same name, endings such as `_L`, `_mask` or `_seg` aside, in folders of
 * their own: ADE20K's and CamVid's layouts, and most hand-made sets. Labels come from a label file, from the colours of the
 * label images, or are numbers.
 */

import { RegionBuilder } from '../tensor/regions.ts';
import { countedSize, type Dataset, type DatasetItem, Missing, reduceCodes } from './dataset.ts';
import { type DataFolder, MissingFile } from './folder.ts';
import { type LabelNames, readLabelFile } from './label-file.ts';
import { decodePng, type Png } from './png.ts';
import { decodeText } from './text.ts';

const PICTURE = /\.(jpe?g|png|webp)$/i;
const MASK_FOLDER = /(^|\/)[^/]*(mask|label|annot|seg|gt|truth)[^/]*\//i;
const MASK_ENDING = /(_L|[_-](gt|mask|masks|seg|label|labels|labelIds|annotation))$/i;
const LABEL_FILE =
  /(^|\/)[^/]*(label|class|categor|object|palette|color|colour|names)[^/]*\.(txt|csv|tsv|names)$/i;

interface Pair {
  readonly picture: string;
  readonly mask: string;
}

/** Null when there are no pairs. */
export async function openMasks(folder: DataFolder): Promise<Dataset | null> {
  const paths = await folder.list('');
  const missing = new Missing();
  const pairs = findPairs(paths, missing);
  if (pairs.length === 0) return null;
  const labels = (await findLabels(folder, paths)) ?? (await guessLabels(folder, pairs));
  const codes = [...labels.names.keys()];
  const places = new Map(codes.map((code, label) => [code, label]));
  return {
    format: 'masks',
    categories: [{ category: 'object', labels: [...labels.names.values()] }],
    count: pairs.length,
    missing,
    read: async (index) => {
      const { picture, mask } = pairs[index]!;
      try {
        return await readPair(folder, picture, mask, labels.by, places);
      } catch (error) {
        if (error instanceof MissingFile) missing.add(error.message);
        else if (error instanceof RangeError) missing.add(`${mask}: ${error.message}`);
        else throw error;
        return null;
      }
    },
  };
}

async function readPair(
  folder: DataFolder,
  picture: string,
  mask: string,
  by: LabelNames['by'],
  places: ReadonlyMap<number, number>,
): Promise<DatasetItem> {
  const png = decodePng(await folder.read(mask));
  const size = [png.height, png.width] as const;
  const target = countedSize(...size);
  const builder = new RegionBuilder(...target);
  builder.paint(reduceCodes(maskCodes(png, by), size, target), (code) => places.get(code));
  return { path: picture, image: await folder.read(picture), regions: builder.build(), annotated: 1 };
}

/** Index, or colour, of every pixel. */
function maskCodes(
  { width, height, channels, indexed, samples, palette }: Png,
  by: LabelNames['by'],
): Uint32Array {
  const codes = new Uint32Array(width * height);
  for (let i = 0; i < codes.length; i += 1) {
    const at = i * channels;
    if (by === 'index') codes[i] = samples[at]!;
    else if (indexed && palette) {
      const p = 3 * samples[at]!;
      codes[i] = palette[p]! + 256 * palette[p + 1]! + 65536 * palette[p + 2]!;
    } else if (channels > 2) codes[i] = samples[at]! + 256 * samples[at + 1]! + 65536 * samples[at + 2]!;
    else codes[i] = samples[at]! * 0x010101;
  }
  return codes;
}

function findPairs(paths: readonly string[], missing: Missing): readonly Pair[] {
  const masks = new Map<string, string>();
  const pictures: string[] = [];
  for (const path of paths) {
    if (!PICTURE.test(path)) continue;
    const stem = path.slice(path.lastIndexOf('/') + 1).replace(PICTURE, '');
    const png = /\.png$/i.test(path);
    if (png && (MASK_ENDING.test(stem) || MASK_FOLDER.test(path)))
      masks.set(stem.replace(MASK_ENDING, ''), path);
    else pictures.push(path);
  }
  if (masks.size === 0) return [];
  const pairs: Pair[] = [];
  for (const picture of pictures) {
    const mask = masks.get(picture.slice(picture.lastIndexOf('/') + 1).replace(PICTURE, ''));
    if (mask === undefined) missing.add(`${picture}: no label image`);
    else pairs.push({ picture, mask });
  }
  return pairs;
}

async function findLabels(folder: DataFolder, paths: readonly string[]): Promise<LabelNames | null> {
  for (const path of paths.filter((each) => LABEL_FILE.test(each))) {
    const labels = readLabelFile(decodeText(await folder.read(path)));
    if (labels) return labels;
  }
  return null;
}

/** Without a label file the codes of the first few label images are the labels, named by number or `#rrggbb`. */
async function guessLabels(folder: DataFolder, pairs: readonly Pair[]): Promise<LabelNames> {
  const step = Math.max(1, Math.floor(pairs.length / 32));
  let by: LabelNames['by'] = 'index';
  const found = new Set<number>();
  for (let i = 0; i < pairs.length; i += step) {
    try {
      const png = decodePng(await folder.read(pairs[i]!.mask));
      if (png.channels > 2) by = 'colour';
      for (const code of maskCodes(png, by)) if (code !== 0 && found.size < 1000) found.add(code);
    } catch {
      // Named when its turn comes.
    }
  }
  const sorted = [...found].sort((a, b) => a - b);
  const hex = (code: number) =>
    `#${[code & 255, (code >> 8) & 255, code >> 16].map((value) => value.toString(16).padStart(2, '0')).join('')}`;
  return { by, names: new Map(sorted.map((code) => [code, by === 'index' ? `label ${code}` : hex(code)])) };
}
