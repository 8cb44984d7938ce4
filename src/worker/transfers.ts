/**
 * The buffers of a message that can leave with it instead of being copied: every ArrayBuffer under `value`, once.
 *
 * Aliasing: what a job returns or reports it gives away. A job that keeps a copy for later must return a copy; a buffer that
 * was sent once cannot be sent again. A view on part of a larger buffer is taken for a sign that the rest belongs to somebody
 * else: such buffers are cloned, as are shared ones, which cannot be transferred at all.
 */
export function transfers(value: unknown): ArrayBuffer[] {
  const found = new Set<ArrayBuffer>();
  const partial = new Set<ArrayBuffer>();
  const seen = new Set<object>();
  const pending: unknown[] = [value];
  while (pending.length > 0) {
    const item = pending.pop();
    if (typeof item !== 'object' || item === null || seen.has(item)) continue;
    seen.add(item);
    if (item instanceof ArrayBuffer) found.add(item);
    else if (ArrayBuffer.isView(item)) {
      if (!(item.buffer instanceof ArrayBuffer)) continue;
      (item.byteLength === item.buffer.byteLength ? found : partial).add(item.buffer);
    } else for (const child of Object.values(item)) if (typeof child === 'object') pending.push(child);
  }
  return [...found].filter((buffer) => !partial.has(buffer));
}
