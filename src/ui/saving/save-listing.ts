import { listingSvg, type SvgColumn } from '../../exports/listing-svg.ts';
import type { Pixels } from '../../protocol/image.ts';
import { dataUrl } from './download.ts';
import type { TableFile } from './save-table.ts';

/** A list of pictures with words and figures. */
export interface PictureListing {
  readonly title: string;
  readonly columns: readonly SvgColumn[];
  readonly rows: readonly { readonly pixels?: Pixels; readonly cells: readonly string[] }[];
  readonly note?: string;
}

/** The list as a drawing, its pictures inside, for `saveTable`; files without a drawing do not wait for it. */
export async function listing(
  file: TableFile,
  { rows, ...rest }: PictureListing,
): Promise<(settings: string) => string> {
  if (file === 'csv' || file === 'json') return () => '';
  const drawn = await Promise.all(
    rows.map(async ({ pixels, cells }) => ({ cells, ...(pixels && { picture: await dataUrl(pixels) }) })),
  );
  return (settings) => listingSvg({ ...rest, rows: drawn }, settings);
}
