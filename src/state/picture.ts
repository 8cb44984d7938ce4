/** Where a view's picture comes from, as an address holds it. */
export type Picture =
  | { readonly kind: 'scene'; readonly seed: number }
  /** An uploaded picture, already at the model's size: base64url of its encoded file. */
  | { readonly kind: 'upload'; readonly data: string };
