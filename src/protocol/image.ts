/** Straight-alpha 8-bit sRGB pixels, row-major, 4 bytes a pixel (the layout of the canvas' ImageData). */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** Where a picture comes from. A world scene is named by its seed and drawn again; pixels are already at the model's size. */
export type ImageSource =
  | { readonly kind: 'scene'; readonly seed: number }
  /** A scene with one thing in another colour, or (`color` null) without it: the exact counterfactual. */
  | { readonly kind: 'variant'; readonly seed: number; readonly thing: number; readonly color: string | null }
  | { readonly kind: 'pixels'; readonly pixels: Pixels };
