import type { en } from './en.ts';

/** The same tree of keys for every language: a plain text, or a function of the same named parameters. */
export type Texts<T = typeof en> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (parameters: infer P) => string
      ? (parameters: P) => string
      : Texts<T[K]>;
};
