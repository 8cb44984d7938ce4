/** What the first bytes of an image file say, read without decoding a pixel. */
export interface ImageHeader {
  readonly format: 'png' | 'jpeg' | 'webp' | 'avif' | 'gif';
  readonly width: number;
  readonly height: number;
  /** False when the file ends before its own structure does. */
  readonly complete: boolean;
}

/**
 * Format and stored dimensions (before any EXIF rotation), or `unknown` when the signature is of no image that is read here,
 * or `truncated` when the signature is known and the dimensions are missing. Every access is bounds-checked: never throws.
 */
export function readHeader(bytes: Uint8Array): ImageHeader | 'unknown' | 'truncated' {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (ascii(view, 1, 'PNG\r\n\x1a\n') && view.getUint8(0) === 0x89) return png(view);
    if (view.getUint16(0) === 0xffd8 && view.getUint8(2) === 0xff) return jpeg(view);
    if (ascii(view, 0, 'RIFF') && ascii(view, 8, 'WEBP')) return webp(view);
    if (ascii(view, 4, 'ftyp') && avifBrand(view)) return avif(view);
    if (ascii(view, 0, 'GIF87a') || ascii(view, 0, 'GIF89a')) return gif(view);
    return 'unknown';
  } catch (error) {
    // DataView's own bounds check: the file ended inside of what its signature promised (or is too short for any).
    if (error instanceof RangeError) return view.byteLength < 12 ? 'unknown' : 'truncated';
    throw error;
  }
}

function png(view: DataView): ImageHeader {
  const width = view.getUint32(16);
  const height = view.getUint32(20);
  let complete = false;
  // Chunks: length, type, data, CRC. The last is IEND.
  for (let at = 8; at + 12 <= view.byteLength; at += 12 + view.getUint32(at)) {
    if (ascii(view, at + 4, 'IEND')) {
      complete = true;
      break;
    }
  }
  return { format: 'png', width, height, complete };
}

function jpeg(view: DataView): ImageHeader {
  let at = 2;
  let size: { width: number; height: number } | undefined;
  for (;;) {
    if (view.getUint8(at) !== 0xff) throw new RangeError('no marker');
    const marker = view.getUint8(at + 1);
    if (marker === 0xff) {
      at += 1; // fill byte
    } else if ((marker >= 0xd0 && marker <= 0xd8) || marker === 0x01) {
      at += 2; // markers without a segment
    } else if (marker === 0xda) {
      break; // start of scan: entropy-coded data follows
    } else {
      // SOF0 to SOF15 hold the dimensions; C4, C8 and CC of that range are tables.
      if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc) {
        size = { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
      }
      at += 2 + view.getUint16(at + 2);
    }
  }
  if (!size) throw new RangeError('no frame');
  // The end marker cannot occur in entropy-coded data; what follows it (a second picture, a film) is of no concern.
  let complete = false;
  for (let end = view.byteLength - 2; end > at && !complete; end--) complete = view.getUint16(end) === 0xffd9;
  return { format: 'jpeg', ...size, complete };
}

function webp(view: DataView): ImageHeader {
  const complete = view.getUint32(4, true) + 8 <= view.byteLength;
  const known = { format: 'webp', complete } as const;
  if (ascii(view, 12, 'VP8X')) {
    return { ...known, width: 1 + uint24(view, 24), height: 1 + uint24(view, 27) };
  }
  if (ascii(view, 12, 'VP8L')) {
    // 14 bits each of width - 1 and height - 1, after the signature byte.
    const bits = view.getUint32(21, true);
    return { ...known, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  if (!ascii(view, 12, 'VP8 ')) throw new RangeError('no frame');
  // The upper 2 bits are a scaling hint.
  return { ...known, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

interface Box {
  readonly type: string;
  /** Start and end of the content. */
  readonly from: number;
  readonly to: number;
}

/** Boxes of ISO 14496-12 between two offsets; one that claims to end beyond `to` is `cut` there, and is the last. */
function* boxes(view: DataView, from: number, to: number): Generator<Box & { readonly cut: boolean }> {
  let at = from;
  while (at + 8 <= to) {
    let size = view.getUint32(at);
    let head = 8;
    if (size === 1) {
      size = Number(view.getBigUint64(at + 8));
      head = 16;
    } else if (size === 0) {
      size = to - at;
    }
    if (size < head) throw new RangeError('box smaller than its head');
    const type = String.fromCharCode(...[4, 5, 6, 7].map((i) => view.getUint8(at + i)));
    yield { type, from: at + head, to: Math.min(to, at + size), cut: at + size > to };
    at += size;
  }
}

function avifBrand(view: DataView): boolean {
  const end = Math.min(view.byteLength, view.getUint32(0));
  for (let at = 8; at + 4 <= end; at += 4) {
    if (ascii(view, at, 'avif') || ascii(view, at, 'avis')) return true;
  }
  return false;
}

/** The largest `ispe` (image spatial extents) of meta/iprp/ipco: tiles and thumbnails have smaller ones. */
function avif(view: DataView): ImageHeader {
  let width = 0;
  let height = 0;
  let complete = false;
  for (const top of boxes(view, 0, view.byteLength)) {
    // The coded picture: encoders write it behind the metadata.
    if (top.type === 'mdat') complete = !top.cut;
    if (top.type !== 'meta') continue;
    // meta is a full box: four bytes of version and flags come first.
    for (const inner of boxes(view, top.from + 4, top.to)) {
      // Very small pictures may lie inside of the metadata.
      if (inner.type === 'idat') complete = !inner.cut;
      if (inner.type !== 'iprp') continue;
      for (const container of boxes(view, inner.from, inner.to)) {
        if (container.type !== 'ipco') continue;
        for (const property of boxes(view, container.from, container.to)) {
          if (property.type !== 'ispe') continue;
          width = Math.max(width, view.getUint32(property.from + 4));
          height = Math.max(height, view.getUint32(property.from + 8));
        }
      }
    }
  }
  if (width === 0 || height === 0) throw new RangeError('no extents');
  return { format: 'avif', width, height, complete };
}

function gif(view: DataView): ImageHeader {
  const width = view.getUint16(6, true);
  const height = view.getUint16(8, true);
  // Trailing zeros are common; the trailer itself is 0x3b.
  let end = view.byteLength - 1;
  while (end > 13 && view.getUint8(end) === 0) end--;
  return { format: 'gif', width, height, complete: end > 13 && view.getUint8(end) === 0x3b };
}

function ascii(view: DataView, at: number, text: string): boolean {
  if (at + text.length > view.byteLength) return false;
  for (let i = 0; i < text.length; i++) if (view.getUint8(at + i) !== text.charCodeAt(i)) return false;
  return true;
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}
