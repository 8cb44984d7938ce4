/** A data set of the visitor's as pictures for a dissection: decoded and stretched to the model's size, as their label maps are. */

import type { Dataset } from '../datasets/dataset.ts';
import { type DataFolder, directoryFolder, filesFolder } from '../datasets/folder.ts';
import { openDataset } from '../datasets/open-dataset.ts';
import { decodePng, isPng, pngRgb } from '../datasets/png.ts';
import { zipFolder } from '../datasets/zip.ts';
import { compositeOnWhite, type Rgb8, resample } from '../families/contrastive/resample.ts';
import type { DataFiles, DataSummary } from '../protocol/data.ts';
import { VitrineError } from '../protocol/errors.ts';
import type { AnnotatedSource } from './annotated-source.ts';
import type { Job, Runtime } from './runtime.ts';

/** What a folder or zip of the visitor's holds, before anything is computed on it. */
export const inspectData: Job<'inspectData'> = async ({ data }) => summary(await openData(data), data.name);

export function summary({ format, categories, count, missing }: Dataset, name: string): DataSummary {
  return {
    format,
    name,
    images: count,
    categories: categories.map(({ category, labels }) => ({ category, labels: labels.length })),
    missing: missing.names,
    missingCount: missing.count,
  };
}

/** Throws `unsupported` for a folder in which no data set is found, saying what was looked for or is missing. */
export async function openData(data: DataFiles): Promise<Dataset> {
  try {
    return await openDataset(await folderOf(data));
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new VitrineError('unsupported', message, { found: 'no-data', what: message }, cause);
  }
}

function folderOf(data: DataFiles): Promise<DataFolder> | DataFolder {
  if (data.kind === 'zip') return zipFolder(data.name, data.bytes);
  return data.kind === 'files' ? filesFolder(data.name, data.files) : directoryFolder(data.directory);
}

/** Pictures `0` to `most` of a data set. Throws `unsupported` for one without labels where they are needed. */
export function datasetSource(
  runtime: Runtime,
  set: Dataset,
  name: string,
  most: number,
  { labelled = true }: { readonly labelled?: boolean } = {},
): AnnotatedSource {
  if (labelled && set.categories.length === 0) {
    throw new VitrineError('unsupported', `${name} has pictures but no labels: give it words instead`, {
      what: name,
    });
  }
  const count = Math.min(most, set.count);
  return {
    key: JSON.stringify([name, set.format, set.count, count]),
    categories: set.categories,
    count,
    // Broden's are 112 x 112, all others are reduced to 256 a side.
    mostPixels: 256 * 256,
    read: async (index, size) => {
      const item = await set.read(index);
      if (!item) return null;
      try {
        const picture = stretched(await decode(runtime, item.image), size);
        return { picture, regions: item.regions, annotated: item.annotated, caption: item.path };
      } catch (error) {
        if (error instanceof VitrineError) throw error;
        set.missing.add(`${item.path}: ${error instanceof Error ? error.message : String(error)}`);
        return null;
      }
    },
  };
}

/** PNGs are decoded here, exactly; others by the host. */
export async function decode(runtime: Runtime, bytes: Uint8Array<ArrayBuffer>): Promise<Rgb8> {
  if (isPng(bytes)) {
    const png = decodePng(bytes);
    return { width: png.width, height: png.height, data: pngRgb(png) };
  }
  if (!runtime.decodePicture)
    throw new VitrineError('unsupported', 'no decoder of pictures here', { what: 'JPEG' });
  return compositeOnWhite(await runtime.decodePicture(bytes));
}

/** Nothing is cropped and the shape may change, since the label map covers the whole picture. */
function stretched(picture: Rgb8, size: number): Rgb8 {
  if (picture.width === size && picture.height === size) return picture;
  return resample(picture, size, size, 'bilinear');
}
