import type { DataFiles } from '../../protocol/data.ts';

declare global {
  interface DataTransferItem {
    /** Chromium's: a handle that reads a folder file by file, however many there are. */
    getAsFileSystemHandle?(): Promise<FileSystemFileHandle | FileSystemDirectoryHandle | null>;
  }
}

/** A chosen folder (files with paths below it) or zip; undefined for nothing. */
export function dataOfFiles(files: readonly File[]): DataFiles | undefined {
  const [first] = files;
  if (!first) return undefined;
  if (files.length === 1 && /\.zip$/i.test(first.name)) {
    return { kind: 'zip', name: first.name, bytes: first };
  }
  const root = first.webkitRelativePath.split('/')[0] ?? '';
  return {
    kind: 'files',
    name: root === '' ? first.name : root,
    files: files.map((file) => ({
      // Paths are from the data set's own root.
      path: file.webkitRelativePath === '' ? file.name : file.webkitRelativePath.slice(root.length + 1),
      bytes: file,
    })),
  };
}

/** A dropped folder or zip. Browsers that hand out no folders give what files there are. */
export async function dataOfTransfer(transfer: DataTransfer): Promise<DataFiles | undefined> {
  const files = [...transfer.files];
  const handle = await transfer.items[0]?.getAsFileSystemHandle?.();
  if (handle?.kind === 'directory') return { kind: 'directory', name: handle.name, directory: handle };
  return dataOfFiles(files);
}
