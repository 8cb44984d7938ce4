/** What a subcommand of `npm run vitrine` is, and how it fails. */

import { resolve } from 'node:path';

export type Command = {
  /** One line for the list of commands: `sites FILE.onnx [--json]   what it does`. */
  readonly usage: string;
  /** Writes its result, and nothing else, through `print`; progress goes to stderr. */
  readonly run: (args: readonly string[], print: (text: string) => void) => Promise<void>;
};

/** The exit status of a command that was called wrongly; 1 is for input that cannot be used. */
export const MISUSED = 2;

/** What the caller can mend: printed without a stack. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** A path as the caller means it: npm runs scripts in the project's folder, wherever it was called. */
export function callerPath(path: string): string {
  const called = process.env.npm_lifecycle_event === 'vitrine' ? process.env.INIT_CWD : undefined;
  return resolve(called ?? process.cwd(), path);
}
