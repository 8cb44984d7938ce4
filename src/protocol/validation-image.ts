import { VitrineError } from './errors.ts';
import type { ImageSource } from './image.ts';
import { type Fields, fields, integer, oneOf, seed, text } from './validation-fields.ts';

/** Longest side of a picture that may cross the thread boundary, in pixels; the page reduces larger ones first. */
export const maxImageSide = 4096;

/** A scene's seed, or pixels whose bytes fit their sides. Throws `bad-image`. */
export function image(source: Fields): ImageSource {
  const kind = oneOf(source, 'kind', ['scene', 'variant', 'pixels']);
  if (kind === 'scene') return { kind, seed: seed(source, 'seed') };
  if (kind === 'variant') {
    const color = source.color === null ? null : text(source, 'color', 40);
    return { kind, seed: seed(source, 'seed'), thing: integer(source, 'thing', 1, 255), color };
  }
  const { width, height, data } = fields(source.pixels, 'pixels');
  for (const [side, size] of Object.entries({ width, height })) {
    if (!Number.isInteger(size) || Number(size) < 1 || Number(size) > maxImageSide) {
      const allowed = `1 to ${maxImageSide}`;
      throw new VitrineError('bad-image', `image ${side} must be ${allowed}: ${size}`, {
        name: side,
        allowed,
      });
    }
  }
  const length = Number(width) * Number(height) * 4;
  if (
    !(data instanceof Uint8ClampedArray) ||
    !(data.buffer instanceof ArrayBuffer) ||
    data.length !== length
  ) {
    const allowed = `${length} bytes`;
    throw new VitrineError('bad-image', `pixels must be ${allowed}`, { name: 'data', allowed });
  }
  // The check of the buffer does not reach the type of the view.
  const pixels = data as Uint8ClampedArray<ArrayBuffer>;
  return { kind, pixels: { width: Number(width), height: Number(height), data: pixels } };
}
