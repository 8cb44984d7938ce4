/** Loads and never answers. */
export {};
