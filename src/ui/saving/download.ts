import { addPngText, settingsKeyword } from '../../exports/png-text.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import { MODELS } from '../../state/models.ts';

/** Hands a file to the visitor. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click: keep it for a while.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

export function textFile(text: string, type: 'text/csv' | 'application/json' | 'image/svg+xml'): Blob {
  return new Blob([text], { type: `${type};charset=utf-8` });
}

/** A canvas as PNG with the settings that made it inside. */
export async function pngFile(canvas: OffscreenCanvas, settings: Settings): Promise<Blob> {
  const plain = await canvas.convertToBlob({ type: 'image/png' });
  const bytes = addPngText(
    new Uint8Array(await plain.arrayBuffer()),
    settingsKeyword,
    toJson(settings, null),
  );
  return new Blob([bytes], { type: 'image/png' });
}

/** SHA-256 of a model's files, by role. */
export function hashesOf(model: string): Readonly<Record<string, string>> {
  return MODELS.find(({ id }) => id === model)?.sha256 ?? {};
}
