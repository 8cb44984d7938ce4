import { addPngText, settingsKeyword } from '../../exports/png-text.ts';
import { type Settings, toJson } from '../../exports/settings.ts';
import type { Pixels } from '../../protocol/image.ts';
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

/** A picture as a PNG data address, for documents that hold their pictures. */
export async function dataUrl({ width, height, data }: Pixels): Promise<string> {
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0);
  const bytes = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer());
  return `data:image/png;base64,${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''))}`;
}
