import { readPngText, settingsKeyword } from '../../exports/png-text.ts';
import type { Vitrine } from '../../state/vitrine.ts';

/** Opens a picture: one that was saved here opens the view that it was saved from, any other is looked into. */
export async function openPictureOrSession(vitrine: Vitrine, file: File): Promise<void> {
  const fragment = await fragmentOf(file);
  if (fragment === undefined) await vitrine.openPicture(file, file.name);
  else vitrine.follow(fragment);
}

/** The fragment of the link in a PNG's settings; undefined for every other file. What it holds is checked like any link. */
async function fragmentOf(file: File): Promise<string | undefined> {
  if (file.type !== 'image/png') return undefined;
  try {
    const text = readPngText(new Uint8Array(await file.arrayBuffer()), settingsKeyword);
    const document: unknown = text === undefined ? undefined : JSON.parse(text);
    const link = field(field(document, 'settings'), 'link');
    const from = typeof link === 'string' ? link.indexOf('#') : -1;
    return typeof link === 'string' && from >= 0 ? link.slice(from + 1) : undefined;
  } catch {
    // Damaged, or somebody else's text: the intake says what is wrong with the picture.
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
