/** The labels of a data set, in categories. Labels are numbered from 0 through all categories, in their order. */
export interface LabelCategory {
  readonly category: string;
  readonly labels: readonly string[];
}

export interface Legend {
  readonly categories: readonly string[];
  /** Name of each label. */
  readonly names: readonly string[];
  /** Category of each label, as an index of `categories`. */
  readonly categoryOf: Uint8Array;
}

/** Most categories: images say with one bit each what they are annotated for. */
const mostCategories = 24;

/** Throws RangeError for more than 24 categories. */
export function legendOf(categories: readonly LabelCategory[]): Legend {
  if (categories.length > mostCategories) {
    throw new RangeError(`${categories.length} categories, at most ${mostCategories}`);
  }
  return {
    categories: categories.map(({ category }) => category),
    names: categories.flatMap(({ labels }) => labels),
    categoryOf: Uint8Array.from(categories.flatMap(({ labels }, index) => labels.map(() => index))),
  };
}

/** All categories of a legend, as bits. */
export function everyCategory({ categories }: Legend): number {
  return 2 ** categories.length - 1;
}
