/** Small encoded files for tests, written by hand or by an encoder named beside them. */

/** 12 x 8 pixels, left half red, right half blue; written by sharp (libaom), quality 60, 4:4:4. */
export const avif12x8 = bytesOf(
  'AAAAHGZ0eXBhdmlmAAAAAG1pZjFhdmlmbWlhZgAAANZtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJp' +
    'bG9jAAAAAERAAAEAAQAAAAAA+gABAAAAAAAAAD4AAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABhdjAxAAAAAA5waXRtAAAAAAAB' +
    'AAAAVmlwcnAAAAA4aXBjbwAAAAxhdjFDgSACAAAAABRpc3BlAAAAAAAAAAwAAAAIAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAA' +
    'AAEAAQOBAgMAAABGbWRhdBIACgg4DK+0gIaDSDIwF4JjBMAAMoAAAAD1IUIlEzozLY83Fp7a7+SnrI2nsLT4vBdNOlwuI70rwnXRilFw',
);

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Joins byte lists, numbers and ASCII texts. */
export function join(...parts: readonly (ArrayLike<number> | string | number)[]): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(
    parts.flatMap((part) =>
      typeof part === 'number'
        ? [part]
        : typeof part === 'string'
          ? [...part].map((char) => char.charCodeAt(0))
          : Array.from(part),
    ),
  );
}

export function bigEndian(value: number, bytes: number): readonly number[] {
  return Array.from({ length: bytes }, (_, i) => Math.floor(value / 256 ** (bytes - 1 - i)) % 256);
}

export function littleEndian(value: number, bytes: number): readonly number[] {
  return [...bigEndian(value, bytes)].reverse();
}

/** A PNG whose header claims any size; its data does not matter to a reader of headers. */
export function pngClaiming(width: number, height: number): Uint8Array<ArrayBuffer> {
  const ihdr = join('IHDR', bigEndian(width, 4), bigEndian(height, 4), [8, 2, 0, 0, 0]);
  return join(
    [0x89],
    'PNG\r\n\x1a\n',
    bigEndian(13, 4),
    ihdr,
    [0, 0, 0, 0],
    bigEndian(0, 4),
    'IEND',
    [0, 0, 0, 0],
  );
}

/** The EXIF segment of a JPEG that holds nothing but the orientation (1 to 8). */
export function exifOrientation(orientation: number): Uint8Array<ArrayBuffer> {
  const tiff = join(
    'MM',
    [0, 42],
    bigEndian(8, 4),
    bigEndian(1, 2), // one entry
    bigEndian(0x0112, 2), // orientation
    bigEndian(3, 2), // of type short
    bigEndian(1, 4),
    bigEndian(orientation, 2),
    bigEndian(0, 2),
    bigEndian(0, 4), // no further directory
  );
  const content = join('Exif', [0, 0], tiff);
  return join([0xff, 0xe1], bigEndian(content.length + 2, 2), content);
}
