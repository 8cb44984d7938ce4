/** FNV-1a, 32 bits, as eight hexadecimal digits: tells whether two engines drew the same bytes. Not cryptographic. */
export function fingerprint(...parts: readonly (Uint8Array | Uint8ClampedArray)[]): string {
  let hash = 0x811c9dc5;
  for (const bytes of parts) {
    for (let i = 0; i < bytes.length; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
