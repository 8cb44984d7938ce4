import { VitrineError } from '../../protocol/errors.ts';
import type { Part, Stored, Vault } from './vault.ts';

/** Newer than the types: renames within the private file system, without copying. */
interface Movable {
  move?(folder: FileSystemDirectoryHandle, name: string): Promise<void>;
}

/**
 * Keeps files in the origin's private file system. It appends in place, which is what resuming needs and the Cache API cannot do,
 * and hands a file back without going through HTTP. Null where there is none: an insecure context, some private windows.
 */
export async function opfsVault(storage: StorageManager | undefined): Promise<Vault | null> {
  if (typeof storage?.getDirectory !== 'function') return null;
  let home: FileSystemDirectoryHandle;
  try {
    home = await (await storage.getDirectory()).getDirectoryHandle('models', { create: true });
  } catch {
    return null;
  }
  const folder = (name: string) => home.getDirectoryHandle(name, { create: true });
  const [files, parts, notes] = await Promise.all([folder('files'), folder('parts'), folder('notes')]);

  return {
    keeping: 'disk',
    size: async (key) => (await open(files, key))?.size,
    async read(key) {
      const file = await open(files, key);
      if (!file) throw new RangeError(`nothing is kept under ${key}`);
      return new Uint8Array(await file.arrayBuffer());
    },
    list: () => list(files),
    remove: (key) => remove(files, key),
    part: (key) => withRoom(() => openPart(parts, key, files)),
    parts: () => list(parts),
    removePart: (key) => remove(parts, key),
    note: async (name) => (await open(notes, encodeURIComponent(name)))?.text(),
    writeNote: (name, text) => withRoom(() => writeNote(notes, name, text)),
    removeNote: (name) => remove(notes, encodeURIComponent(name)),
    notes: async () => (await list(notes)).map(({ key }) => decodeURIComponent(key)),
    async free() {
      const { quota, usage } = await storage.estimate();
      return quota === undefined ? undefined : Math.max(0, quota - (usage ?? 0));
    },
  };
}

async function writeNote(folder: FileSystemDirectoryHandle, name: string, text: string): Promise<void> {
  const handle = await folder.getFileHandle(encodeURIComponent(name), { create: true });
  const access = await handle.createSyncAccessHandle();
  try {
    access.truncate(0);
    writeAll(access, new TextEncoder().encode(text), 0);
    access.flush();
  } finally {
    access.close();
  }
}

async function openPart(
  folder: FileSystemDirectoryHandle,
  key: string,
  files: FileSystemDirectoryHandle,
): Promise<Part> {
  const handle = await folder.getFileHandle(key, { create: true });
  const access = await unlocked(() => handle.createSyncAccessHandle());
  let size = access.getSize();
  let open = true;
  const close = async (): Promise<void> => {
    if (!open) return;
    open = false;
    try {
      access.flush();
    } finally {
      access.close();
    }
  };
  return {
    get size() {
      return size;
    },
    read(start, end) {
      const bytes = new Uint8Array(end - start);
      access.read(bytes, { at: start });
      return bytes;
    },
    append(bytes) {
      writeAll(access, bytes, size);
      size += bytes.length;
    },
    truncate() {
      access.truncate(0);
      size = 0;
    },
    close: () => withRoom(close),
    finish: (complete) =>
      withRoom(async () => {
        await close();
        // Some browsers take a write beyond the room they have, and leave the rest out when the file is closed.
        const { size: there } = await handle.getFile();
        if (there < size) {
          const lost = size - there;
          size = there;
          throw full(lost);
        }
        const movable = handle as Movable & FileSystemFileHandle;
        if (movable.move) await movable.move(files, complete);
        else {
          await copy(handle, await files.getFileHandle(complete, { create: true }));
          await folder.removeEntry(key);
        }
      }),
  };
}

function writeAll(access: FileSystemSyncAccessHandle, bytes: Uint8Array, at: number): void {
  let written: number;
  try {
    // The types want a buffer of their own; any view is written.
    written = access.write(bytes as Uint8Array<ArrayBuffer>, { at });
  } catch (error) {
    throw isFull(error) ? full(bytes.length, error) : error;
  }
  if (written < bytes.length) throw full(bytes.length - written);
}

/** The browser may refuse room at any call: some find out when they write, some only when a file is closed or moved. */
async function withRoom<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw isFull(error) ? full(0, error) : error;
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && error.name === 'QuotaExceededError';
}

function full(bytes: number, cause?: unknown): VitrineError {
  return new VitrineError('quota', 'the browser gives no more room', { bytes }, cause);
}

const PIECE = 4 * 1024 * 1024;

async function copy(from: FileSystemFileHandle, to: FileSystemFileHandle): Promise<void> {
  const file = await from.getFile();
  const access = await to.createSyncAccessHandle();
  try {
    for (let at = 0; at < file.size; at += PIECE) {
      writeAll(access, new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()), at);
    }
  } finally {
    access.close();
  }
}

/** A transfer that was just stopped still holds its file for a moment; another tab's holds it for longer. */
async function unlocked<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      const locked = error instanceof DOMException && error.name === 'NoModificationAllowedError';
      if (!locked) throw error;
      if (tries >= MOST_TRIES) throw new VitrineError('busy', 'another tab writes this file', {}, error);
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY_MS));
    }
  }
}

const MOST_TRIES = 20;
const TRY_EVERY_MS = 100;

async function open(folder: FileSystemDirectoryHandle, key: string): Promise<File | undefined> {
  try {
    return await (await folder.getFileHandle(key)).getFile();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'NotFoundError') return undefined;
    throw error;
  }
}

async function list(folder: FileSystemDirectoryHandle): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  for await (const [key, handle] of folder.entries()) {
    if (handle.kind === 'file')
      found.push({ key, bytes: (await (handle as FileSystemFileHandle).getFile()).size });
  }
  return found;
}

async function remove(folder: FileSystemDirectoryHandle, key: string): Promise<void> {
  try {
    await unlocked(() => folder.removeEntry(key));
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'NotFoundError')) throw error;
  }
}
