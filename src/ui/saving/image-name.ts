import type { ImageSource } from '../../protocol/image.ts';

/** What a picture is called in a saved file. */
export function namedImage(image: ImageSource): string {
  if (image.kind === 'pixels') return 'upload';
  if (image.kind === 'scene') return `scene ${image.seed}`;
  return `scene ${image.seed}, thing ${image.thing} ${image.color === null ? 'removed' : image.color}`;
}
