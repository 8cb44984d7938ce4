/** Where opened models are kept: files by the hash of their content, half-fetched ones apart, and small notes. */
export interface Vault {
  readonly keeping: 'disk' | 'memory';
  /** Bytes of a complete file; undefined where there is none. */
  size(key: string): Promise<number | undefined>;
  read(key: string): Promise<Uint8Array<ArrayBuffer>>;
  list(): Promise<readonly Stored[]>;
  remove(key: string): Promise<void>;
  /** Opens a part to append to; one at a time. */
  part(key: string): Promise<Part>;
  parts(): Promise<readonly Stored[]>;
  removePart(key: string): Promise<void>;
  note(name: string): Promise<string | undefined>;
  writeNote(name: string, text: string): Promise<void>;
  removeNote(name: string): Promise<void>;
  notes(): Promise<readonly string[]>;
  /** Bytes that the browser would still give; undefined where it does not say. */
  free(): Promise<number | undefined>;
}

/** What notes are about: a model, the path of a part, the hash of a file that its place does not tell. */
export function noteName(about: 'model' | 'part' | 'known' | 'check', key: string): string {
  return `${about}:${key}`;
}

export interface Stored {
  readonly key: string;
  readonly bytes: number;
}

/** A file that grows. It outlives the tab, and goes on where it ended. */
export interface Part {
  readonly size: number;
  /** Bytes that are there already, for hashing them again. */
  read(start: number, end: number): Uint8Array;
  /** Throws VitrineError `quota` when there is no room. */
  append(bytes: Uint8Array): void;
  truncate(): void;
  close(): Promise<void>;
  /** Closes, and makes it the complete file `key`. */
  finish(key: string): Promise<void>;
}

/** Keeps everything in memory: for pages that have no other place, and for tests. */
export function memoryVault(
  room = Number.POSITIVE_INFINITY,
  full = (): Error => new Error('no room'),
): Vault {
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  const parts = new Map<string, Uint8Array<ArrayBuffer>>();
  const notes = new Map<string, string>();
  const used = () => [...files.values(), ...parts.values()].reduce((sum, { length }) => sum + length, 0);
  const stored = (map: ReadonlyMap<string, Uint8Array>) =>
    [...map].map(([key, { length }]) => ({ key, bytes: length }));
  return {
    keeping: 'memory',
    size: async (key) => files.get(key)?.length,
    async read(key) {
      const bytes = files.get(key);
      if (!bytes) throw new RangeError(`nothing is kept under ${key}`);
      return bytes;
    },
    list: async () => stored(files),
    async remove(key) {
      files.delete(key);
    },
    async part(key) {
      let bytes = parts.get(key) ?? new Uint8Array();
      parts.set(key, bytes);
      return {
        get size() {
          return bytes.length;
        },
        read: (start, end) => bytes.subarray(start, end),
        append(more) {
          if (used() + more.length > room) throw full();
          const longer = new Uint8Array(bytes.length + more.length);
          longer.set(bytes);
          longer.set(more, bytes.length);
          bytes = longer;
          parts.set(key, bytes);
        },
        truncate() {
          bytes = new Uint8Array();
          parts.set(key, bytes);
        },
        close: async () => undefined,
        async finish(complete) {
          parts.delete(key);
          files.set(complete, bytes);
        },
      };
    },
    parts: async () => stored(parts),
    async removePart(key) {
      parts.delete(key);
    },
    note: async (name) => notes.get(name),
    async writeNote(name, text) {
      notes.set(name, text);
    },
    async removeNote(name) {
      notes.delete(name);
    },
    notes: async () => [...notes.keys()],
    free: async () => (Number.isFinite(room) ? room - used() : undefined),
  };
}
