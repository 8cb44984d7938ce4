/** Straight-alpha 8-bit sRGB pixels, row-major, 4 bytes a pixel (the layout of the canvas' ImageData). */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Where a picture comes from. A world scene is named by its seed and drawn again; pixels are already at the model's size. */
export type ImageSource =
  | { readonly kind: 'scene'; readonly seed: number }
  | { readonly kind: 'pixels'; readonly pixels: Pixels };
