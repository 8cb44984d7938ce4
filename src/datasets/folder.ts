/** A data set's files, wherever they lie: a dropped folder, a zip, a disk. Paths are from the data set's root, with slashes. */

import type { Bytes } from '../tensor/bytes.ts';

export interface DataFolder {
  readonly name: string;
  /** All paths are in memory: a list costs next to nothing. */
  readonly listed: boolean;
  /** All paths below `prefix` ('' for all), in the order of their characters. */
  list(prefix: string): Promise<readonly string[]>;
  has(path: string): Promise<boolean>;
  /** Throws {@link MissingFile} naming the path. */
  read(path: string): Promise<Uint8Array<ArrayBuffer>>;
}

/** A file that is not there or cannot be read. */
export class MissingFile extends Error {
  override readonly name = 'MissingFile';
  readonly path: string;

  constructor(path: string, reason = 'missing') {
    super(`${path}: ${reason}`);
    this.path = path;
  }
}

export interface NamedFile {
  readonly path: string;
  readonly bytes: Bytes;
}

/** Files that are all known by name, as a drop or a file input gives them. */
export function filesFolder(name: string, files: readonly NamedFile[]): DataFolder {
  const root = commonRoot(files.map(({ path }) => path));
  const known = new Map(files.map(({ path, bytes }) => [path.slice(root.length), bytes]));
  const paths = [...known.keys()].sort();
  return {
    name,
    listed: true,
    list: async (prefix) => paths.filter((path) => path.startsWith(prefix)),
    has: async (path) => known.has(path),
    read: async (path) => {
      const bytes = known.get(path);
      if (!bytes) throw new MissingFile(path);
      return new Uint8Array(await bytes.arrayBuffer());
    },
  };
}

/** What `FileSystemDirectoryHandle` offers of use here. */
export interface DirectoryLike {
  readonly name: string;
  getDirectoryHandle(name: string): Promise<DirectoryLike>;
  getFileHandle(name: string): Promise<{ getFile(): Promise<Bytes> }>;
  entries(): AsyncIterable<[string, { readonly kind: 'file' | 'directory' }]>;
}

/** A folder that is asked file by file: nothing is listed unless somebody wants a list. */
export function directoryFolder(root: DirectoryLike): DataFolder {
  const folders = new Map<string, Promise<DirectoryLike>>([['', Promise.resolve(root)]]);
  const folderOf = (path: string): Promise<DirectoryLike> => {
    const known = folders.get(path);
    if (known) return known;
    const cut = path.lastIndexOf('/');
    const found = folderOf(path.slice(0, Math.max(0, cut))).then((parent) =>
      parent.getDirectoryHandle(path.slice(cut + 1)),
    );
    folders.set(path, found);
    found.catch(() => folders.delete(path));
    return found;
  };
  const fileOf = async (path: string): Promise<Bytes> => {
    const cut = path.lastIndexOf('/');
    try {
      const folder = await folderOf(path.slice(0, Math.max(0, cut)));
      return await (await folder.getFileHandle(path.slice(cut + 1))).getFile();
    } catch {
      throw new MissingFile(path);
    }
  };
  const walk = async (folder: string, out: string[]): Promise<void> => {
    for await (const [name, { kind }] of (await folderOf(folder)).entries()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      if (kind === 'file') out.push(path);
      else await walk(path, out);
    }
  };
  return {
    name: root.name,
    listed: false,
    list: async (prefix) => {
      const out: string[] = [];
      const cut = prefix.lastIndexOf('/');
      try {
        await walk(prefix.slice(0, Math.max(0, cut)), out);
      } catch {
        return [];
      }
      return out.filter((path) => path.startsWith(prefix)).sort();
    },
    has: async (path) => {
      try {
        await fileOf(path);
        return true;
      } catch {
        return false;
      }
    },
    read: async (path) => new Uint8Array(await (await fileOf(path)).arrayBuffer()),
  };
}

/** The folder that all paths share, with its slash; '' when there is none. Zips and drops often wrap all in one. */
export function commonRoot(paths: readonly string[]): string {
  const [first] = paths;
  const cut = first?.indexOf('/') ?? -1;
  if (first === undefined || cut < 0) return '';
  const root = first.slice(0, cut + 1);
  return paths.every((path) => path.startsWith(root)) ? root : '';
}
