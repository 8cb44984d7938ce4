/** A visitor's own model files, from a drop or a picker. */

export interface OwnFiles {
  /** Of the folder, or of the only file. */
  readonly name: string;
  readonly files: readonly { readonly path: string; readonly data: File }[];
}

/** Deeper or larger folders than these are no model's. */
const MOST_DEPTH = 4;
const MOST_FILES = 1000;

/**
 * The files of a drop, when they are a model's: a folder, or files with an ONNX file among them. Null for anything else, such as
 * a picture. Must be called while the drop is handled: what was dropped is gone afterwards.
 */
export function droppedModel(transfer: DataTransfer | null): Promise<OwnFiles> | null {
  if (!transfer) return null;
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry?.() ?? []);
  const folder = entries.find((entry) => entry.isDirectory);
  if (folder) return readFolder(folder as FileSystemDirectoryEntry);
  const files = [...transfer.files];
  return files.some(({ name }) => isModelFile(name)) ? Promise.resolve(pickedModel(files)) : null;
}

/** Files of a picker, of one folder or side by side. */
export function pickedModel(files: readonly File[]): OwnFiles {
  const inFolder = files.map((data) => {
    const [, ...rest] = data.webkitRelativePath.split('/');
    return { path: rest.length > 0 ? rest.join('/') : data.name, data };
  });
  const folder = files[0]?.webkitRelativePath.split('/')[0];
  const main = files.find(({ name }) => isModelFile(name)) ?? files[0];
  return { name: folder || main?.name || '', files: inFolder };
}

/** Whether an ONNX file is among them. */
export function holdsModel({ files }: OwnFiles): boolean {
  return files.some(({ data }) => isModelFile(data.name));
}

function isModelFile(name: string): boolean {
  return /\.onnx$/i.test(name);
}

async function readFolder(folder: FileSystemDirectoryEntry): Promise<OwnFiles> {
  const files: { path: string; data: File }[] = [];
  const walk = async (entry: FileSystemEntry, path: string, depth: number): Promise<void> => {
    if (files.length >= MOST_FILES) return;
    if (entry.isFile) files.push({ path, data: await fileOf(entry as FileSystemFileEntry) });
    else if (depth < MOST_DEPTH) {
      for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) {
        await walk(child, path === '' ? child.name : `${path}/${child.name}`, depth + 1);
      }
    }
  };
  await walk(folder, '', 0);
  return { name: folder.name, files };
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** The reader gives a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<readonly FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}
