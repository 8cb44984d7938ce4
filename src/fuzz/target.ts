/** A parser under fuzz, and what counts as a fault. */

export interface Target {
  readonly name: string;
  readonly corpus: readonly Uint8Array[];
  /** Parses, checks what must hold of any answer (throwing when it does not), and lets typed errors through. */
  readonly run: (bytes: Uint8Array) => void | Promise<void>;
  /** Whether a thrown value is one of the parser's own, documented errors. */
  readonly isTyped: (error: unknown) => boolean;
}

export interface Fault {
  readonly target: string;
  readonly seed: number;
  /** The case number: with the seed it makes the input again. */
  readonly at: number;
  readonly what: string;
}

/** What an answer must satisfy; throws a plain Error, which no parser documents. */
export function must(holds: boolean, what: string): void {
  if (!holds) throw new Error(`wrong answer: ${what}`);
}
