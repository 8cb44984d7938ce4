/**
 * A name that every file system takes: the parts in lower case, words joined by `-`, parts by `_`, empty parts dropped. Letters
 * and digits of any script stay; at most 60 characters a part. `filename(['heatmap', 'Red car!', 7], 'png')` is `vitrine_heatmap_red-car_7.png`.
 */
export function filename(parts: readonly (string | number)[], extension: string): string {
  const words = parts
    .map((part) =>
      [
        ...String(part)
          .normalize('NFC')
          .toLowerCase()
          .replace(/[^\p{L}\p{M}\p{N}.]+/gu, '-'),
      ]
        .slice(0, 60)
        .join('')
        .replace(/^[-.]+|[-.]+$/g, ''),
    )
    .filter(Boolean);
  // A leading word of our own also keeps clear of the names that Windows reserves.
  return `${['vitrine', ...words].join('_')}.${extension}`;
}
