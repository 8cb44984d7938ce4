import { type BesideFile, besideName, besideRole, joinBeside } from '../onnx/beside.ts';
import type { FindSource, SourceFile } from './model-source.ts';

/** Sources whose models bring the weights that lie in files beside them: `unet` with `unet.data`, `unet.data1` and so on. */
export function withBeside(find: FindSource): FindSource {
  return async (id) => {
    const source = await find(id);
    if (!source) return undefined;
    const files = Object.entries(source.files).map(([role, file]): readonly [string, SourceFile] => {
      const beside = Object.entries(source.files).flatMap(([other, data]) =>
        besideRole(other) === role ? [data] : [],
      );
      return [role, beside.length === 0 ? file : joined(file, beside)];
    });
    return { ...source, files: Object.fromEntries(files) };
  };
}

function joined(model: SourceFile, beside: readonly SourceFile[]): SourceFile {
  const all = [model, ...beside];
  return {
    key: all.map(({ key }) => key).join('+'),
    path: model.path,
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
    async read(signal, onBytes) {
      let before = 0;
      const parts: Uint8Array<ArrayBuffer>[] = [];
      // One after the other: together they are what does not fit into memory twice.
      for (const file of all) {
        parts.push(await file.read(signal, (done) => onBytes(before + done)));
        before += file.bytes;
      }
      const [graph, ...data] = parts;
      const files = data.map((content, index): BesideFile => {
        return { name: besideName(beside[index]!.path), data: content };
      });
      return joinBeside(graph!, files);
    },
  };
}
