import { strFromU8 } from 'fflate';

/** A text file's content: UTF-8, its byte order mark left out. */
export function decodeText(bytes: Uint8Array): string {
  const text = strFromU8(bytes);
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}
