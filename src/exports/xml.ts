/** XML text and attribute values; control characters, which XML 1.0 forbids, are dropped. */
export function xml(value: string): string {
  return [...value]
    .filter((char) => char >= ' ' || char === '\n' || char === '\t')
    .join('')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
