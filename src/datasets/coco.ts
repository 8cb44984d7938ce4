/**
 * COCO: a JSON with `images`, `annotations` and `categories`. *Instances*: each annotation has an image, a category and a
 * segmentation (polygons or run lengths), which may overlap. *Panoptic*: each annotation has a PNG whose pixel is a segment
 * R + 256 G + 65536 B, and the categories of its segments. Pictures and PNGs are found by their file names, in any folder.
 */

import { RegionBuilder } from '../tensor/regions.ts';
import { countedSize, type Dataset, type DatasetItem, Missing, reduceCodes } from './dataset.ts';
import { type Fields, fieldsOf, listOf, numberOf, textOf } from './fields.ts';
import { type DataFolder, MissingFile } from './folder.ts';
import { decodePng } from './png.ts';
import { polygonMask, runLengthMask } from './shapes.ts';
import { decodeText } from './text.ts';

interface Picture {
  readonly id: number;
  readonly file: string;
  readonly size: readonly [height: number, width: number];
}

/** Throws RangeError naming what of the JSON is not as it should be. */
export async function openCoco(folder: DataFolder, path: string): Promise<Dataset> {
  const json = fieldsOf(JSON.parse(decodeText(await folder.read(path))), path);
  const pictures = listOf(json, 'images').map((value): Picture => {
    const image = fieldsOf(value, 'images');
    return {
      id: numberOf(image, 'id'),
      file: textOf(image, 'file_name'),
      size: [numberOf(image, 'height'), numberOf(image, 'width')],
    };
  });
  const labels = new Map<number, number>();
  const names = listOf(json, 'categories').map((value, label) => {
    const category = fieldsOf(value, 'categories');
    labels.set(numberOf(category, 'id'), label);
    return textOf(category, 'name');
  });
  const annotations = new Map<number, Fields[]>();
  for (const value of listOf(json, 'annotations')) {
    const annotation = fieldsOf(value, 'annotations');
    const id = numberOf(annotation, 'image_id');
    const known = annotations.get(id);
    if (known) known.push(annotation);
    else annotations.set(id, [annotation]);
  }
  const panoptic = [...annotations.values()].some(
    ([first]) => first !== undefined && 'segments_info' in first,
  );
  const paths = new Map<string, string>();
  for (const each of await folder.list('')) paths.set(baseName(each), each);
  const missing = new Missing();
  for (const { file } of pictures) if (!paths.has(baseName(file))) missing.add(new MissingFile(file).message);
  const find = (file: string): string => {
    const found = paths.get(baseName(file));
    if (found === undefined) throw new MissingFile(file);
    return found;
  };

  const readItem = async ({ id, file, size }: Picture): Promise<DatasetItem> => {
    const mine = annotations.get(id) ?? [];
    const target = countedSize(...size);
    const builder = new RegionBuilder(...target);
    // The PNG of a picture lies beside it under the same name but for its ending.
    for (const annotation of mine) {
      if (panoptic) await paintSegments(annotation, builder, target, size);
      else paintInstance(annotation, builder, target, size);
    }
    const image = await folder.read(find(file));
    return { path: file, image, regions: builder.build(), annotated: 1 };
  };

  const labelOf = (annotation: Fields): number => {
    const label = labels.get(numberOf(annotation, 'category_id'));
    if (label === undefined) throw new RangeError(`no category ${numberOf(annotation, 'category_id')}`);
    return label;
  };

  const paintSegments = async (
    annotation: Fields,
    builder: RegionBuilder,
    target: readonly [number, number],
    size: readonly [number, number],
  ): Promise<void> => {
    const segments = new Map(
      listOf(annotation, 'segments_info').map((value) => {
        const segment = fieldsOf(value, 'segments_info');
        return [numberOf(segment, 'id'), labelOf(segment)] as const;
      }),
    );
    const png = decodePng(await folder.read(find(textOf(annotation, 'file_name'))));
    if (png.height !== size[0] || png.width !== size[1] || png.channels < 3) {
      throw new RangeError(
        `${png.width} x ${png.height} of ${png.channels} samples is no panoptic PNG of its picture`,
      );
    }
    const codes = new Uint32Array(png.width * png.height);
    for (let i = 0; i < codes.length; i += 1) {
      const at = i * png.channels;
      codes[i] = png.samples[at]! + 256 * png.samples[at + 1]! + 65536 * png.samples[at + 2]!;
    }
    builder.paint(reduceCodes(codes, size, target), (code) => segments.get(code));
  };

  const paintInstance = (
    annotation: Fields,
    builder: RegionBuilder,
    target: readonly [number, number],
    size: readonly [number, number],
  ): void => {
    const label = labelOf(annotation);
    const { segmentation } = annotation;
    const mask = Array.isArray(segmentation)
      ? polygonMask(
          segmentation.map((polygon: unknown) => (Array.isArray(polygon) ? polygon.map(Number) : [])),
          size,
          target,
        )
      : runLengthMask(countsOf(fieldsOf(segmentation, 'segmentation')), size, target);
    builder.paint(mask, (inside) => (inside === 1 ? label : undefined));
  };

  return {
    format: panoptic ? 'coco-panoptic' : 'coco-instances',
    categories: [{ category: 'object', labels: names }],
    count: pictures.length,
    missing,
    read: async (index) => {
      const picture = pictures[index]!;
      try {
        return await readItem(picture);
      } catch (error) {
        if (error instanceof MissingFile) missing.add(error.message);
        else if (error instanceof RangeError) missing.add(`${picture.file}: ${error.message}`);
        else throw error;
        return null;
      }
    },
  };
}

function countsOf({ counts }: Fields): readonly number[] | string {
  if (typeof counts === 'string') return counts;
  if (!Array.isArray(counts)) throw new RangeError('counts: neither list nor text');
  return counts.map(Number);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
